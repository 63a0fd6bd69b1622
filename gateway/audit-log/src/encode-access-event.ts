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
  const parts = spread(event);
  return parts.map(({ jtis, subjects }, index) =>
    encode({ ...event, jtis, subjects, part: index + 1, parts: parts.length }),
  );
}

interface Share {
  readonly jtis: string[];
  readonly subjects: SubjectDecision[];
}

function spread(event: AccessEvent): Share[] {
  const head = { ...event, jtis: [], subjects: [], part: WIDEST_PART, parts: WIDEST_PART };
  const room = MAX_PART_BYTES - encode(head).byteLength;
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
    makeRoom(jsonBytes(jti));
    share.jtis.push(jti);
  }
  for (const subject of event.subjects) {
    for (const piece of split(subject)) {
      makeRoom(jsonBytes(canonicalSubject(piece)));
      share.subjects.push(piece);
    }
  }
  return shares;
}

/** Cuts a subject between coordinates so that each piece fits. */
function split(subject: SubjectDecision): SubjectDecision[] {
  if (jsonBytes(canonicalSubject(subject)) <= MAX_SUBJECT_BYTES) return [subject];
  const pieces: SubjectDecision[] = [];
  let piece = emptyPiece(subject.child);
  let used = 0;
  for (const list of ['released', 'withheld', 'policies'] as const) {
    for (const entry of subject[list]) {
      const size = jsonBytes(entry);
      if (used + size > MAX_SUBJECT_BYTES) {
        pieces.push(piece);
        piece = emptyPiece(subject.child);
        used = 0;
      }
      piece[list].push(entry);
      used += size;
    }
  }
  return [...pieces, piece];
}

function emptyPiece(child: string) {
  return { child, released: [] as string[], withheld: [] as string[], policies: [] as string[] };
}

/** Size as an item of a JSON array, its comma included. */
function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value)) + 1;
}

function encode(part: AccessEventPart): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(canonical(part)));
}

/** Every key in the one order in which it is written; JSON leaves out the undefined ones. */
function canonical(part: AccessEventPart) {
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
    jtis: part.jtis,
    subjects: part.subjects.map(canonicalSubject),
  };
}

function canonicalSubject({ child, released, withheld, policies }: SubjectDecision) {
  return { child: cut(child, MAX_NAME), released, withheld, policies };
}

function cut<Text extends string | undefined>(text: Text, length: number): Text {
  return text?.slice(0, length) as Text;
}
