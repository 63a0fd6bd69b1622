import type { AccessEvent, SubjectDecision } from './access-event.ts';
import {
  bytesOf,
  encodeSubject,
  POLICY_ROOM,
  roomAtMost,
  roomOf,
  roomOfCoordinate,
  roomOfPolicy,
} from './subject-text.ts';

/** Most bytes of one part's JSON: below the 65 535 of a tlog-tiles entry, with room to spare. */
export const MAX_PART_BYTES = 60_000;

/** Most room of one subject within a part; a larger one goes on as another subject of the same child. */
const MAX_SUBJECT_BYTES = 16_000;

/** A count of parts no longer than this one, so that a part's size is known before their number is. */
const WIDEST_PART = 999_999;

/** Bytes around the two lists that are spread over the parts. */
const AROUND_LISTS = ',"jtis":[],"subjects":[]}'.length;

/** What stands in one part's lists: JSON without brackets. */
export interface Share {
  readonly jtis: string;
  readonly subjects: string;
}

/**
 * Spreads what an event lists over as many parts as it needs.
 *
 * @param head Bytes of the first part's head, were it the only one.
 * @returns At least one share. How many depends on what was asked of whom, and not on what was decided.
 */
export function shareOut(event: AccessEvent, head: number): readonly Share[] {
  const widest = 2 * (String(WIDEST_PART).length - 1);
  const room = MAX_PART_BYTES - head - widest - AROUND_LISTS;
  const whole = wholeWithin(event, room);
  return whole === undefined ? asManyAsNeeded(event, room) : [whole];
}

/**
 * Nearly every event fits one part with room to spare, and its text tells: the exact room is counted over the union of a
 * subject's two lists, which is never longer than both, and making it takes twice as long as all the rest of the encoding.
 *
 * @returns Undefined where the exact room alone can tell.
 */
function wholeWithin({ jtis, subjects }: AccessEvent, room: number): Share | undefined {
  const texts = { jtis: JSON.stringify(jtis), subjects: '' };
  let most = bytesOf(texts.jtis);
  for (const subject of subjects) {
    const text = encodeSubject(subject);
    const size = roomAtMost(text);
    most += size;
    if (size > MAX_SUBJECT_BYTES || most > room) return undefined;
    texts.subjects += texts.subjects === '' ? text : `,${text}`;
  }
  return most > room ? undefined : { ...texts, jtis: texts.jtis.slice(1, -1) };
}

function asManyAsNeeded({ jtis, subjects }: AccessEvent, room: number): readonly Share[] {
  let share: Record<keyof Share, string[]> = { jtis: [], subjects: [] };
  const shares = [share];
  let used = 0;
  const makeRoom = (size: number) => {
    if (used + size > room) {
      share = { jtis: [], subjects: [] };
      shares.push(share);
      used = 0;
    }
    used += size;
  };

  for (const jti of jtis) {
    const text = JSON.stringify(jti);
    makeRoom(bytesOf(text));
    share.jtis.push(text);
  }
  for (const subject of subjects) {
    for (const piece of split(subject)) {
      makeRoom(roomOf(piece));
      share.subjects.push(encodeSubject(piece));
    }
  }
  return shares.map((each) => ({ jtis: each.jtis.join(), subjects: each.subjects.join() }));
}

/** A subject, cut between coordinates so that each piece fits: at the same coordinates, whatever was decided of them. */
function split(subject: SubjectDecision): readonly SubjectDecision[] {
  if (roomOf(subject) <= MAX_SUBJECT_BYTES) return [subject];
  const { child } = subject;
  const released = new Set(subject.released);
  const withheld = new Set(subject.withheld);
  const most = MAX_SUBJECT_BYTES - roomOf(emptyPiece(child));
  const pieces = chunked([...released.union(withheld)].sort(), most, roomOfCoordinate).map((coordinates) => ({
    child,
    released: coordinates.filter((coordinate) => released.has(coordinate)),
    withheld: coordinates.filter((coordinate) => withheld.has(coordinate)),
  }));
  const policies = chunked(subject.policies, POLICY_ROOM, roomOfPolicy);
  const count = Math.max(pieces.length, policies.length, 1);
  return Array.from({ length: count }, (_, place) => ({
    ...emptyPiece(child),
    ...pieces[place],
    policies: policies[place] ?? [],
  }));
}

/** In order, cut where the next one would be more than fits; one that is larger by itself stands alone. */
function chunked(
  names: readonly string[],
  most: number,
  sizeOf: (name: string) => number,
): readonly (readonly string[])[] {
  const chunks: string[][] = [];
  let used = most;
  for (const name of names) {
    const size = sizeOf(name);
    if (chunks.length === 0 || used + size > most) {
      chunks.push([]);
      used = 0;
    }
    chunks.at(-1)?.push(name);
    used += size;
  }
  return chunks;
}

function emptyPiece(child: string): SubjectDecision {
  return { child, released: [], withheld: [], policies: [] };
}
