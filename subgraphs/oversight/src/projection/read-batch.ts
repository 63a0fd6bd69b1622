import { createHash } from 'node:crypto';
import { AccessEventError, type AccessEventPart } from '@contactpoint/audit-log/access-event';
import { decodeAccessEvent } from '@contactpoint/audit-log/decode-access-event';
import { leafHash } from '@contactpoint/audit-log/merkle';
import type { LoggedLeaf } from '../log/leaf-source.ts';

/** An event as far as a batch of leaves tells of it, by column. */
export type EventRow = ReturnType<typeof eventRow>;

export interface SubjectRow {
  readonly origin: string;
  /** Key of its event. */
  readonly event: string;
  readonly child: string;
  /** When the event was. */
  readonly at: string;
  readonly place: number;
  /** False where the log was asked about the child, and nothing of the record was. */
  readonly of_record: boolean;
  readonly released: string[];
  readonly withheld: string[];
  readonly policies: string[];
}

/** Something about a leaf that an honest log does not show. */
export interface IrregularityRow {
  readonly rule: 'LEAF_UNREADABLE' | 'LEAF_HASH_MISMATCH' | 'LEAF_REPEATED' | 'LOG_GAP';
  readonly at: string;
  readonly note: string;
  readonly origin: string;
  readonly index: string;
}

/** That leaves of a log were pruned. */
export interface PruningRow {
  readonly origin: string;
  readonly index: string;
  readonly at: string;
  readonly pruned_origin: string;
  readonly count: number;
  readonly before: string;
}

export interface Batch {
  readonly events: readonly EventRow[];
  readonly subjects: readonly SubjectRow[];
  readonly irregularities: readonly IrregularityRow[];
  readonly prunings: readonly PruningRow[];
  /** Where the log goes on. */
  readonly next: bigint;
}

/** More than a part of 60 kB can hold. */
const SUBJECTS_PER_PART = 10_000;

/**
 * Reads leaves of one log into rows. A leaf that cannot be read becomes an alert: one bad leaf must not hide all later
 * ones.
 *
 * @param expected Index of the first leaf, in a log without gaps.
 */
export function readBatch(leaves: readonly LoggedLeaf[], expected: bigint): Batch {
  const events = new Map<string, EventRow>();
  const subjects = new Map<string, SubjectRow>();
  const irregularities: IrregularityRow[] = [];
  const prunings: PruningRow[] = [];
  let next = expected;
  for (const logged of leaves) {
    if (logged.index < next) {
      irregularities.push(irregularity(logged, 'LEAF_REPEATED'));
      continue;
    }
    if (logged.index !== next) irregularities.push(irregularity(logged, 'LOG_GAP'));
    next = logged.index + 1n;
    if (logged.leaf === null) continue;
    if (Buffer.compare(leafHash(logged.leaf), logged.leafHash) !== 0)
      irregularities.push(irregularity(logged, 'LEAF_HASH_MISMATCH'));
    const part = decodeOrUndefined(logged.leaf);
    if (part === undefined) irregularities.push(irregularity(logged, 'LEAF_UNREADABLE'));
    else if (part.kind === 'prune') prunings.push(...pruningRow(logged, part));
    // A boot is the log's own: nobody accessed anything.
    else if (part.kind !== 'boot') addPart(events, subjects, logged, part);
  }
  return {
    events: [...events.values()],
    subjects: [...subjects.values()],
    irregularities,
    prunings,
    next,
  };
}

function addPart(
  events: Map<string, EventRow>,
  subjects: Map<string, SubjectRow>,
  { origin, index }: LoggedLeaf,
  part: AccessEventPart,
): void {
  const evt = eventDigest(part.nonce);
  const event = eventKey({ evt, kind: part.kind });
  const known = events.get(event);
  if (known === undefined) events.set(event, eventRow(origin, index, evt, part));
  else {
    known.parts_seen++;
    known.jtis.push(...part.jtis.map(storable));
  }
  for (const [position, subject] of part.subjects.entries()) {
    const child = storable(subject.child);
    const key = `${event} ${child}`;
    const row = subjects.get(key) ?? {
      ...{ origin, event, child, at: part.at, place: part.part * SUBJECTS_PER_PART + position },
      ...{ released: [], withheld: [], policies: [], of_record: isOfRecord(subject) },
    };
    subjects.set(key, row);
    row.released.push(...subject.released.map(storable));
    row.withheld.push(...subject.withheld.map(storable));
    row.policies.push(...subject.policies.map(storable));
  }
}

function pruningRow({ origin, index }: LoggedLeaf, { at, pruned }: AccessEventPart): readonly PruningRow[] {
  if (pruned === undefined) return [];
  const { count, before } = pruned;
  return [{ origin, index: index.toString(), at, pruned_origin: storable(pruned.origin), count, before }];
}

/** Questions to the log itself are root fields in the place of what is read of a child. */
function isOfRecord({ released, withheld }: AccessEventPart['subjects'][number]): boolean {
  const coordinates = [...released, ...withheld];
  return coordinates.length === 0 || coordinates.some((each) => !/^(Query|Mutation)\./.test(each));
}

/** Names an event within its log: a mutation's intent and outcome share one nonce. */
export function eventKey({ evt, kind }: { readonly evt: string; readonly kind: string }): string {
  return `${evt} ${kind}`;
}

/** Column for column what is kept: the nonce is not among it. */
function eventRow(origin: string, index: bigint, evt: string, part: AccessEventPart) {
  return {
    origin,
    index: index.toString(),
    evt,
    kind: part.kind,
    at: part.at,
    instance: storable(part.instance),
    practitioner: storableOrNull(part.practitioner),
    mediator: storableOrNull(part.mediator),
    role: storableOrNull(part.role),
    organisation: storableOrNull(part.organisation),
    purpose: storableOrNull(part.purpose),
    reason: storableOrNull(part.reason),
    override: part.override,
    // What does not name its window is a window of its own.
    override_windows: part.override ? (part.overrideWindows?.map(storable) ?? [evt]) : [],
    client: storableOrNull(part.client),
    operation_name: storableOrNull(part.operation?.name),
    operation_hash: storableOrNull(part.operation?.hash),
    outcome: part.outcome,
    refusal_code: storableOrNull(part.refusal?.code),
    refusal_detail: storableOrNull(part.refusal?.detail),
    intent_index: part.intentIndex?.toString() ?? null,
    used_origin: storableOrNull(part.usedAnswer?.origin),
    used_index: part.usedAnswer?.index ?? null,
    answer_use: part.usedAnswer?.use ?? null,
    searches: part.searches?.asked ?? 0,
    misses: part.searches?.missed ?? 0,
    parts: part.parts,
    parts_seen: 1,
    jtis: part.jtis.map(storable),
  };
}

/** As grants and journals name the event (design §5, "Grant"): SHA-256 of "grant" and the nonce's bytes. */
export function eventDigest(nonce: string): string {
  return createHash('sha256').update('grant').update(Buffer.from(nonce, 'hex')).digest('hex');
}

/** Undefined for a leaf that is no event of a version that is known here. */
export function decodeOrUndefined(leaf: Uint8Array): AccessEventPart | undefined {
  try {
    return decodeAccessEvent(leaf);
  } catch (error) {
    if (error instanceof AccessEventError) return undefined;
    throw error;
  }
}

function irregularity({ origin, index, at }: LoggedLeaf, rule: IrregularityRow['rule']): IrregularityRow {
  return { rule, at, note: `${origin} ${index}`, origin, index: index.toString() };
}

/** PostgreSQL's text holds neither NUL nor half a surrogate pair, and callers may have written both. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

function storableOrNull(text: string | undefined): string | null {
  return text === undefined ? null : storable(text);
}
