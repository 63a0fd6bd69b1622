import type { SubjectDecision } from './access-event.ts';
import { cutText, MAX_NAME } from './cut-text.ts';

/** Room kept for the policy ids of a subject. The seed policies need some 250 bytes, whoever asks for whatever. */
export const POLICY_ROOM = 640;

/** JSON of a subject without a number, a coordinate or a policy, and a comma. */
const SUBJECT_ROOM = 64;

/** JSON of one subject. */
export function encodeSubject(subject: SubjectDecision): string {
  return `{"child":${JSON.stringify(cutText(subject.child, MAX_NAME))},${encodeAccess(subject).json}`;
}

type Access = Omit<SubjectDecision, 'child'>;

/** By the list of what was released. */
const encoded = new WeakMap<readonly string[], EncodedAccess>();

class EncodedAccess {
  readonly access: Access;
  readonly json: string;
  #room: number | undefined;

  constructor(access: Access) {
    this.access = access;
    this.json = JSON.stringify(access).slice(1);
  }

  /** As `roomOf` counts it: hardly ever asked for. */
  get room(): number {
    this.#room ??= roomOfAccess(this.access);
    return this.#room;
  }
}

/** Lists that cannot change any more are written once: they are the same for every child who is decided alike. */
function encodeAccess({ released, withheld, policies }: Access): EncodedAccess {
  const known = encoded.get(released);
  if (known?.access.withheld === withheld && known.access.policies === policies) return known;
  const written = new EncodedAccess({ released, withheld, policies });
  if ([released, withheld, policies].every(Object.isFrozen)) encoded.set(released, written);
  return written;
}

/** At least the bytes of its JSON, and the same whatever was decided of the same coordinates. */
export function roomOf({ child, ...access }: SubjectDecision): number {
  return SUBJECT_ROOM + bytesOf(JSON.stringify(cutText(child, MAX_NAME))) + encodeAccess(access).room;
}

/**
 * Never less than `roomOf`, and known from the text alone.
 *
 * @param text As `encodeSubject` makes it.
 */
export function roomAtMost(text: string): number {
  return SUBJECT_ROOM + 2 * bytesOf(text) + POLICY_ROOM;
}

/** Coordinates are counted for both lists: withheld in one place of an operation, one can be released in another. */
function roomOfAccess({ released, withheld, policies }: Access): number {
  const coordinates = JSON.stringify([...new Set(released).union(new Set(withheld))]);
  return 2 * Buffer.byteLength(coordinates) + Math.max(POLICY_ROOM, bytesOf(JSON.stringify(policies)));
}

export function roomOfCoordinate(coordinate: string): number {
  return 2 * bytesOf(JSON.stringify(coordinate));
}

export function roomOfPolicy(policy: string): number {
  return bytesOf(JSON.stringify(policy));
}

/** Size as an item of a JSON array, its comma included. */
export function bytesOf(json: string): number {
  return Buffer.byteLength(json) + 1;
}
