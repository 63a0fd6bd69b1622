import { badArgument } from '@contactpoint/subgraph-kit/subgraph-error';

/** Rows of one page at most. */
const LARGEST_PAGE = 200;

export interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
}

/** A place in a list that grows at its newest end: what stands there never moves. */
export type Place = readonly [at: string, ...keys: string[]];

/** Rows of a page and whether more follow. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly endCursor: string | null;
  readonly hasNextPage: boolean;
}

export function readFirst({ first }: PageArguments): number {
  const rows = first ?? 50;
  if (rows < 1 || rows > LARGEST_PAGE)
    throw badArgument('first', 'RANGE', `first must be from 1 to ${LARGEST_PAGE}`);
  return rows;
}

/** @param keys How many keys a place has beside its time; all are digits but those of `texts`. */
export function readAfter({ after }: PageArguments, form: readonly RegExp[]): Place | undefined {
  if (after === undefined || after === null) return undefined;
  const [at, ...keys] = decode(after);
  const isInstant = at !== undefined && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(at);
  const fits = keys.length === form.length && form.every((pattern, place) => pattern.test(keys[place] ?? ''));
  if (!isInstant || Number.isNaN(Date.parse(at)) || !fits)
    throw badArgument('after', 'FORM', 'after is not a cursor of this list');
  return [at, ...keys];
}

/** @param found One row more than the page holds, if there is one. */
export function pageOf<Row>(found: readonly Row[], first: number, placeOf: (row: Row) => Place): Page<Row> {
  const rows = found.slice(0, first);
  const last = rows.at(-1);
  const endCursor =
    last === undefined ? null : Buffer.from(JSON.stringify(placeOf(last))).toString('base64url');
  return { rows, endCursor, hasNextPage: found.length > first };
}

function decode(cursor: string): string[] {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(place) && place.every((key) => typeof key === 'string') ? place : [];
  } catch {
    return [];
  }
}
