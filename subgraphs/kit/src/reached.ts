/**
 * An object on its way through a response, with the person it belongs to. It stands beside the object and is not
 * written on it: two children may share one row, and a mark on the row would give one child's grant to the other.
 */
export interface Reached {
  /** What a resolver returned. */
  readonly value: object;
  /** Key of the data subject that the object was reached through; undefined outside any. */
  readonly subject: string | undefined;
  /**
   * True outside a subject where a root field has decided already: it is classified itself, so that it only runs for
   * callers it knows, or its scopes were held.
   */
  readonly opened: boolean;
  /** Concrete type of an entity; undefined where the schema tells it. */
  readonly typeName: string | undefined;
}

/** Where an operation starts: no subject, nothing opened. */
export const ROOT: Reached = { value: {}, subject: undefined, opened: false, typeName: undefined };

/**
 * Puts every object of a resolver's result in its place, through promises and lists; leaves scalars and errors alone.
 *
 * @param place Gives the object with its subject, or null where nothing of it may be shown.
 */
export function placeEach(result: unknown, place: (value: object) => Reached | null): unknown {
  if (result === null || result === undefined) return null;
  if (result instanceof Error) return result;
  if (isPromise(result)) return result.then((settled) => placeEach(settled, place));
  if (typeof result !== 'object') return result;
  if (isIterable(result)) return Array.from(result, (item) => placeEach(item, place));
  return place(result);
}

export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

function isIterable(value: object): value is Iterable<unknown> {
  return typeof (value as { [Symbol.iterator]?: unknown })[Symbol.iterator] === 'function';
}
