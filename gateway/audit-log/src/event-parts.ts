import { type AccessEvent, AccessEventError, type AccessEventPart } from './access-event.ts';
import { decodeAccessEvent, joinAccessEvent } from './decode-access-event.ts';

/** One recording of an event, put together from its leaves. */
export interface JoinedEvent<Place> {
  /** Of its parts, in order. */
  readonly places: readonly [Place, ...Place[]];
  readonly event: AccessEvent;
  /** Whether every part is there. */
  readonly complete: boolean;
  /**
   * Earlier recordings of the same event that broke off: what was kept in doubt is recorded again, whole, and may have come to
   * say something else by then.
   */
  readonly former: readonly JoinedEvent<Place>[];
}

/** Recordings that wait for parts at a time. A writer appends an event's parts together, so there are hardly ever two. */
const MAX_WAITING = 100;

type Recorded<Place> = readonly { readonly place: Place; readonly part: AccessEventPart }[];

interface Waiting<Place> {
  readonly recorded: Recorded<Place>;
  /** False where a part is missing or stands twice: whatever comes, it is not whole. */
  readonly inOrder: boolean;
  readonly former: readonly JoinedEvent<Place>[];
}

/**
 * Puts the parts of each event together, of one log, whose leaves are given in order. A recording is whole when its parts are
 * 1 to n, each once and one after the other: as many parts as there should be may still be some twice and others not at all.
 * Parts of other events may lie between them.
 */
export class EventParts<Place> {
  readonly #waiting = new Map<string, Waiting<Place>>();

  /**
   * @returns Recordings that this leaf completes, and those that are not waited for any longer; undefined where it is no event
   * of a version that this code knows.
   */
  take(place: Place, leaf: Uint8Array): readonly JoinedEvent<Place>[] | undefined {
    const part = readPart(leaf);
    if (part === undefined) return undefined;
    // A mutation's intent and outcome share one nonce.
    const name = `${part.nonce} ${part.kind}`;
    const waiting = follow(this.#waiting.get(name), place, part);
    if (isWhole(waiting)) {
      this.#waiting.delete(name);
      return [joined(waiting)];
    }
    this.#waiting.set(name, waiting);
    return this.#giveUp(MAX_WAITING);
  }

  /** What never became whole. The next leaf is the first of another log. */
  end(): readonly JoinedEvent<Place>[] {
    return this.#giveUp(0);
  }

  /** The oldest, until no more than `most` are left. */
  #giveUp(most: number): readonly JoinedEvent<Place>[] {
    const given: JoinedEvent<Place>[] = [];
    for (const [name, waiting] of this.#waiting) {
      if (this.#waiting.size <= most) break;
      this.#waiting.delete(name);
      given.push(joined(waiting));
    }
    return given;
  }
}

function follow<Place>(
  known: Waiting<Place> | undefined,
  place: Place,
  part: AccessEventPart,
): Waiting<Place> {
  if (known === undefined) return { recorded: [{ place, part }], inOrder: part.part === 1, former: [] };
  if (part.part === 1) return { recorded: [{ place, part }], inOrder: true, former: withoutFormer(known) };
  const last = known.recorded.at(-1)?.part;
  const follows = part.part === (last?.part ?? 0) + 1 && part.parts === last?.parts;
  return { ...known, recorded: [...known.recorded, { place, part }], inOrder: known.inOrder && follows };
}

/** Recordings that broke off, in order, none within another. */
function withoutFormer<Place>(known: Waiting<Place>): readonly JoinedEvent<Place>[] {
  return [...known.former, joined({ ...known, former: [] })];
}

function isWhole<Place>({ recorded, inOrder }: Waiting<Place>): boolean {
  const last = recorded.at(-1)?.part;
  return inOrder && last?.part === last?.parts;
}

function joined<Place>(waiting: Waiting<Place>): JoinedEvent<Place> {
  return {
    places: waiting.recorded.map(({ place }) => place) as [Place, ...Place[]],
    event: joinAccessEvent(
      waiting.recorded.map(({ part }) => part) as [AccessEventPart, ...AccessEventPart[]],
    ),
    complete: isWhole(waiting),
    former: waiting.former,
  };
}

function readPart(leaf: Uint8Array): AccessEventPart | undefined {
  try {
    return decodeAccessEvent(leaf);
  } catch (cause) {
    if (cause instanceof AccessEventError) return undefined;
    throw cause;
  }
}
