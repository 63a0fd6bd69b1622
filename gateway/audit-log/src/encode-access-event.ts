import {
  type AccessEvent,
  AccessEventError,
  type AccessEventKind,
  type AccessEventPart,
  type SubjectDecision,
} from './access-event.ts';
import { decodeAccessEvent } from './decode-access-event.ts';

/** Most bytes of one part's JSON: below the 65 535 of a tlog-tiles entry, with room to spare. */
export const MAX_PART_BYTES = 60_000;

/** Most room of one subject within a part; a larger one goes on as another subject of the same child. */
const MAX_SUBJECT_BYTES = 16_000;

/** Room kept for the policy ids of a subject. The seed policies need some 250 bytes, whoever asks for whatever. */
const POLICY_ROOM = 640;

/** JSON of a subject without a number, a coordinate or a policy, and a comma. */
const SUBJECT_ROOM = 64;

/** Characters kept of what a caller can write at will: a refusal of something oversized must be recorded as well. */
const MAX_NAME = 200;
const MAX_REASON = 500;

/** A count of parts no longer than this one, so that a part's size is known before their number is. */
const WIDEST_PART = 999_999;

/**
 * Encodes an event as the leaves that record it: JSON in UTF-8, keys in one fixed order, at most 60 kB each. Text that
 * callers wrote is cut (names at 200 characters, the reason at 500); nothing else is ever left out.
 *
 * How many leaves there are, everybody can count by the index of the next receipt. So it depends on what was asked of
 * whom, and not on what was decided: each coordinate has room in both lists, the policies have theirs whichever they are.
 *
 * @returns At least one leaf; append them in this order. The first one's receipt names the event.
 * @throws AccessEventError for an event that could not be read again.
 */
export function encodeAccessEvent(event: AccessEvent): Uint8Array[] {
  checkHead(event);
  const first = encodeHead(event, 1, 1);
  const widestOutcome = 'RELEASED'.length - event.outcome.length;
  const shares = spread(event, Buffer.byteLength(first) + widestOutcome);
  const leaves = shares.map((share, index) => {
    const head = shares.length === 1 ? first : encodeHead(event, index + 1, shares.length);
    return Buffer.from(
      `${head}${LISTS[0]}${share.jtis.join()}${LISTS[1]}${share.subjects.join()}${LISTS[2]}`,
    );
  });
  if (!OF_OPERATIONS.has(event.kind)) for (const leaf of leaves) decodeAccessEvent(leaf);
  return leaves;
}

/**
 * Events of operations are made in one place, of what was checked on the way there: only their head is looked at. Others
 * are few, and made of whatever was at hand: each is read again before it is let out.
 */
const OF_OPERATIONS: ReadonlySet<AccessEventKind> = new Set(['access', 'intent', 'outcome']);

const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function checkHead({ nonce, at, instance }: Readonly<Record<'nonce' | 'at' | 'instance', unknown>>): void {
  const legible = typeof nonce === 'string' && typeof instance === 'string';
  if (!legible || typeof at !== 'string' || !TIMESTAMP.test(at)) {
    throw new AccessEventError('The event has no nonce, no time or no instance');
  }
}

/** JSON around the two lists that are spread over the parts. */
const LISTS = [',"jtis":[', '],"subjects":[', ']}'] as const;

/** JSON texts of what stands in one part. */
interface Share {
  readonly jtis: string[];
  readonly subjects: string[];
}

/** @param head Bytes of the first part's head, were it the only one. */
function spread(event: AccessEvent, head: number): Share[] {
  const widest = 2 * (String(WIDEST_PART).length - 1);
  const room = MAX_PART_BYTES - head - widest - LISTS.join('').length;
  let share: Share = { jtis: [], subjects: [] };
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

  for (const jti of event.jtis) {
    const text = JSON.stringify(jti);
    makeRoom(bytesOf(text));
    share.jtis.push(text);
  }
  for (const subject of event.subjects) {
    for (const piece of split(subject)) {
      makeRoom(roomOf(piece));
      share.subjects.push(encodeSubject(piece));
    }
  }
  return shares;
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

/** At least the bytes of its JSON, and the same whatever was decided of the same coordinates. */
function roomOf({ child, ...access }: SubjectDecision): number {
  return SUBJECT_ROOM + bytesOf(JSON.stringify(cut(child, MAX_NAME))) + encodeAccess(access).room;
}

/** Coordinates are counted for both lists: withheld in one place of an operation, one can be released in another. */
function roomOfAccess({ released, withheld, policies }: Access): number {
  const coordinates = JSON.stringify([...new Set(released).union(new Set(withheld))]);
  return 2 * Buffer.byteLength(coordinates) + Math.max(POLICY_ROOM, bytesOf(JSON.stringify(policies)));
}

function roomOfCoordinate(coordinate: string): number {
  return 2 * bytesOf(JSON.stringify(coordinate));
}

function roomOfPolicy(policy: string): number {
  return bytesOf(JSON.stringify(policy));
}

/** Size as an item of a JSON array, its comma included. */
function bytesOf(json: string): number {
  return Buffer.byteLength(json) + 1;
}

/** JSON of everything but the two lists that are spread over the parts, without the brace that ends it. */
function encodeHead(event: AccessEvent, part: number, parts: number): string {
  return JSON.stringify(canonical({ ...event, part, parts })).slice(0, -1);
}

/** Every key in the one order in which it is written; JSON leaves out the undefined ones. */
function canonical(part: Omit<AccessEventPart, 'jtis' | 'subjects'>) {
  const { operation, variables, refusal, refusals, searches, previous, pruned } = part;
  return {
    version: part.version,
    kind: part.kind,
    nonce: part.nonce,
    part: part.part,
    parts: part.parts,
    at: part.at,
    instance: part.instance,
    practitioner: cut(part.practitioner, MAX_NAME),
    mediator: cut(part.mediator, MAX_NAME),
    role: cut(part.role, MAX_NAME),
    organisation: cut(part.organisation, MAX_NAME),
    purpose: cut(part.purpose, MAX_NAME),
    reason: cut(part.reason, MAX_REASON),
    override: part.override,
    overrideWindows: part.overrideWindows,
    client: cut(part.client, MAX_NAME),
    operation: operation && { name: cut(operation.name, MAX_NAME), hash: operation.hash },
    variables: variables && { kid: variables.kid, digest: variables.digest },
    policySet: part.policySet,
    supergraph: part.supergraph,
    outcome: part.outcome,
    refusal: refusal && { code: refusal.code, detail: cut(refusal.detail, MAX_NAME) },
    intentIndex: part.intentIndex?.toString(),
    refusals: refusals && {
      source: cut(refusals.source, MAX_NAME),
      count: refusals.count,
      from: refusals.from,
      to: refusals.to,
    },
    searches: searches && { asked: searches.asked, missed: searches.missed },
    import: part.import && {
      source: part.import.source,
      digest: part.import.digest,
      rows: part.import.rows,
      accepted: part.import.accepted,
      updated: part.import.updated,
      unchanged: part.import.unchanged,
      quarantined: part.import.quarantined,
    },
    previous: previous && {
      origin: previous.origin,
      size: previous.size,
      rootHash: previous.rootHash,
    },
    pruned: pruned && {
      origin: pruned.origin,
      count: pruned.count,
      indexes: pruned.indexes,
      before: pruned.before,
    },
  };
}

function encodeSubject(subject: SubjectDecision): string {
  return `{"child":${JSON.stringify(cut(subject.child, MAX_NAME))},${encodeAccess(subject).json}`;
}

type Access = Omit<SubjectDecision, 'child'>;

/** Encoded, by the list of what was released. */
const encoded = new WeakMap<readonly string[], Access & EncodedAccess>();

interface EncodedAccess {
  readonly json: string;
  /** As `roomOf` counts it. */
  readonly room: number;
}

/** Lists that cannot change any more are written once: they are the same for every child who is decided alike. */
function encodeAccess({ released, withheld, policies }: Access): EncodedAccess {
  const known = encoded.get(released);
  if (known?.withheld === withheld && known.policies === policies) return known;
  const access = { released, withheld, policies };
  const json = JSON.stringify(access).slice(1);
  const written = { ...access, json, room: roomOfAccess(access) };
  if (Object.values(access).every(Object.isFrozen)) encoded.set(released, written);
  return written;
}

function cut<Text extends string | undefined>(text: Text, length: number): Text {
  return text?.slice(0, length) as Text;
}
