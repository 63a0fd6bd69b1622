import * as v from 'valibot';
import {
  ACCESS_EVENT_KINDS,
  type AccessEvent,
  AccessEventError,
  type AccessEventPart,
  ANSWER_USES,
  type PrunedLeaves,
  type SubjectDecision,
} from './access-event.ts';
import { countLeaves, readLeafRanges } from './leaf-ranges.ts';

const texts = v.array(v.string());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const ordinal = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const timestamp = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/));

function namesAsManyAsItCounts({ count, indexes }: PrunedLeaves): boolean {
  if (indexes === undefined) return true;
  const ranges = readLeafRanges(indexes);
  return ranges !== undefined && countLeaves(ranges) === count;
}

/** Keys that a later writer added are let through unread: an older reader must still find the access. */
const partSchema = v.object({
  version: v.literal(1),
  kind: v.picklist(ACCESS_EVENT_KINDS),
  nonce: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
  part: ordinal,
  parts: ordinal,
  at: timestamp,
  instance: v.string(),
  practitioner: v.exactOptional(v.string()),
  mediator: v.exactOptional(v.string()),
  role: v.exactOptional(v.string()),
  organisation: v.exactOptional(v.string()),
  purpose: v.exactOptional(v.string()),
  reason: v.exactOptional(v.string()),
  override: v.boolean(),
  overrideWindows: v.exactOptional(texts),
  client: v.exactOptional(v.string()),
  operation: v.exactOptional(v.object({ name: v.exactOptional(v.string()), hash: v.string() })),
  variables: v.exactOptional(v.object({ kid: v.string(), digest: v.string() })),
  policySet: v.exactOptional(v.string()),
  supergraph: v.exactOptional(v.string()),
  outcome: v.picklist(['RELEASED', 'PARTIAL', 'REFUSED']),
  refusal: v.exactOptional(v.object({ code: v.string(), detail: v.exactOptional(v.string()) })),
  intentIndex: v.exactOptional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,18}$/),
      v.transform((digits) => BigInt(digits)),
    ),
  ),
  usedAnswer: v.exactOptional(
    v.object({
      origin: v.string(),
      index: v.pipe(v.string(), v.regex(/^(0|[1-9]\d{0,17})$/)),
      use: v.picklist(ANSWER_USES),
    }),
  ),
  refusals: v.exactOptional(v.object({ source: v.string(), count, from: timestamp, to: timestamp })),
  searches: v.exactOptional(v.object({ asked: count, missed: count })),
  import: v.exactOptional(
    v.object({
      source: v.string(),
      digest: v.string(),
      rows: count,
      accepted: count,
      updated: count,
      unchanged: count,
      quarantined: count,
    }),
  ),
  previous: v.exactOptional(
    v.object({
      origin: v.string(),
      size: v.pipe(v.string(), v.regex(/^(0|[1-9]\d{0,17})$/)),
      rootHash: v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]{43}=$/)),
    }),
  ),
  pruned: v.exactOptional(
    v.pipe(
      v.object({ origin: v.string(), count, indexes: v.exactOptional(v.string()), before: timestamp }),
      v.check(namesAsManyAsItCounts),
    ),
  ),
  jtis: texts,
  subjects: v.array(v.object({ child: v.string(), released: texts, withheld: texts, policies: texts })),
}) satisfies v.GenericSchema<unknown, AccessEventPart>;

/**
 * Reads one leaf. A part stands alone; `joinAccessEvent` puts the parts of one event together.
 *
 * @throws AccessEventError naming what is wrong, never what the leaf says.
 */
export function decodeAccessEvent(leaf: Uint8Array): AccessEventPart {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(leaf));
  } catch {
    // Without the cause: a parse error quotes the text, and the text holds the nonce.
    throw new AccessEventError('The leaf is not JSON in UTF-8');
  }
  const result = v.safeParse(partSchema, value);
  if (!result.success) {
    throw new AccessEventError(
      `The leaf is no access event: ${v.getDotPath(result.issues[0]) ?? 'its shape'}`,
    );
  }
  return result.output;
}

/**
 * @param parts Parts of one event in order, at least one. Missing ones leave an event without what they held.
 */
export function joinAccessEvent([first, ...rest]: readonly [
  AccessEventPart,
  ...AccessEventPart[],
]): AccessEvent {
  const { part: _part, parts: _parts, ...event } = first;
  const all = [first, ...rest];
  return {
    ...event,
    jtis: all.flatMap(({ jtis }) => jtis),
    subjects: joinSubjects(all.flatMap(({ subjects }) => subjects)),
  };
}

/** Each child once, with everything that the pieces say of it. */
export function joinSubjects(pieces: readonly SubjectDecision[]): SubjectDecision[] {
  const subjects = new Map<string, SubjectDecision>();
  for (const piece of pieces) {
    const known = subjects.get(piece.child);
    subjects.set(piece.child, {
      child: piece.child,
      released: [...(known?.released ?? []), ...piece.released],
      withheld: [...(known?.withheld ?? []), ...piece.withheld],
      policies: [...(known?.policies ?? []), ...piece.policies],
    });
  }
  return [...subjects.values()];
}
