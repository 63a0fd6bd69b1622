import type { AccessEvent, AccessEventPart, SubjectDecision } from './access-event.ts';

/** Most bytes of one part's JSON: below the 65 535 of a tlog-tiles entry, with room to spare. */
export const MAX_PART_BYTES = 60_000;

/** Most bytes of one subject within a part; a longer one goes on as another subject of the same child. */
const MAX_SUBJECT_BYTES = 16_000;

/** Characters kept of what a caller can write at will: a refusal of something oversized must be recorded as well. */
const MAX_NAME = 200;
const MAX_REASON = 500;

/** A count of parts no longer than this one, so that a part's size is known before their number is. */
const WIDEST_PART = 999_999;

/**
 * Encodes an event as the leaves that record it: JSON in UTF-8, keys in one fixed order, at most 60 kB each. Text that
 * callers wrote is cut (names at 200 characters, the reason at 500); nothing else is ever left out.
 *
 * @returns At least one leaf; append them in this order. The first one's receipt names the event.
 */
export function encodeAccessEvent(event: AccessEvent): Uint8Array[] {
  const first = encodeHead(event, 1, 1);
  const shares = spread(event, Buffer.byteLength(first));
  return shares.map((share, index) => {
    const head = shares.length === 1 ? first : encodeHead(event, index + 1, shares.length);
    return Buffer.from(
      `${head}${LISTS[0]}${share.jtis.join()}${LISTS[1]}${share.subjects.join()}${LISTS[2]}`,
    );
  });
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
  const makeRoom = (text: string) => {
    const size = bytesOf(text);
    if (used + size > room) {
      share = { jtis: [], subjects: [] };
      shares.push(share);
      used = 0;
    }
    used += size;
  };

  for (const jti of event.jtis) {
    const text = JSON.stringify(jti);
    makeRoom(text);
    share.jtis.push(text);
  }
  for (const subject of event.subjects) {
    for (const text of split(subject)) {
      makeRoom(text);
      share.subjects.push(text);
    }
  }
  return shares;
}

/** JSON of a subject, cut between coordinates so that each piece fits. */
function split(subject: SubjectDecision): string[] {
  const whole = encodeSubject(subject);
  if (bytesOf(whole) <= MAX_SUBJECT_BYTES) return [whole];
  const pieces: SubjectDecision[] = [];
  let piece = emptyPiece(subject.child);
  let used = 0;
  for (const list of ['released', 'withheld', 'policies'] as const) {
    for (const entry of subject[list]) {
      const size = bytesOf(JSON.stringify(entry));
      if (used + size > MAX_SUBJECT_BYTES) {
        pieces.push(piece);
        piece = emptyPiece(subject.child);
        used = 0;
      }
      piece[list].push(entry);
      used += size;
    }
  }
  return [...pieces, piece].map(encodeSubject);
}

function emptyPiece(child: string) {
  return { child, released: [] as string[], withheld: [] as string[], policies: [] as string[] };
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
    pruned: pruned && { origin: pruned.origin, count: pruned.count, before: pruned.before },
  };
}

function encodeSubject(subject: SubjectDecision): string {
  return `{"child":${JSON.stringify(cut(subject.child, MAX_NAME))},${encodeAccess(subject)}`;
}

type Access = Omit<SubjectDecision, 'child'>;

/** Encoded, by the list of what was released. */
const encoded = new WeakMap<readonly string[], Access & { readonly json: string }>();

/** Lists that cannot change any more are written once: they are the same for every child who is decided alike. */
function encodeAccess({ released, withheld, policies }: Access): string {
  const known = encoded.get(released);
  if (known?.withheld === withheld && known.policies === policies) return known.json;
  const json = JSON.stringify({ released, withheld, policies }).slice(1);
  if ([released, withheld, policies].every(Object.isFrozen))
    encoded.set(released, { released, withheld, policies, json });
  return json;
}

function cut<Text extends string | undefined>(text: Text, length: number): Text {
  return text?.slice(0, length) as Text;
}
