import type { Store } from '@contactpoint/subgraph-kit/store';
import { inTransaction } from '@contactpoint/subgraph-kit/transaction';
import type { TransactionSql } from 'postgres';
import { raiseBreakGlass } from '../alerts/break-glass.ts';
import { markDue } from '../alerts/mark-due.ts';
import { raiseRecordLimit } from '../alerts/record-limit.ts';
import type { LoggedLeaf } from '../log/leaf-source.ts';
import {
  type EventRow,
  eventKey,
  type IrregularityRow,
  type PruningRow,
  readBatch,
  type SubjectRow,
} from './read-batch.ts';

/**
 * Brings leaves of one log into rows, and its cursor past them, in one transaction. Leaves that the cursor has passed
 * are skipped, so that running twice is running once.
 *
 * @param position Where the log was read from. A cursor before it was set back by a rebuild meanwhile: nothing is done.
 */
export async function projectLeaves(
  store: Store,
  origin: string,
  position: bigint,
  leaves: readonly LoggedLeaf[],
): Promise<void> {
  await inTransaction(store, async (transaction) => {
    const next = await lockPosition(transaction, origin);
    if (next < position) return;
    const batch = readBatch(
      leaves.filter(({ index }) => index >= next),
      next,
    );
    const { indexes, made: events } = await keepEvents(transaction, batch.events);
    const subjects = await keepSubjects(transaction, batch.subjects, indexes);
    await keepPrunings(transaction, batch.prunings);
    await keepIrregularities(transaction, batch.irregularities);
    const placed = batch.events.map((event) => ({ ...event, index: indexes.get(eventKey(event)) }));
    await raiseBreakGlass(transaction, placed);
    await raiseRecordLimit(transaction, placed);
    await markDue(transaction, placed, batch.subjects);
    const last = leaves.findLast(({ index }) => index === batch.next - 1n);
    await transaction`
      update log_cursor set next_index = ${batch.next.toString()}::bigint,
        last_at = coalesce(${last?.at ?? null}::timestamptz, last_at),
        last_hash = coalesce(${last === undefined ? null : Buffer.from(last.leafHash)}::bytea, last_hash),
        events = events + ${events}::bigint, subjects = subjects + ${subjects}::bigint
      where origin = ${origin}`;
  });
}

/** Processes that project the same log take turns. */
async function lockPosition(sql: TransactionSql, origin: string): Promise<bigint> {
  await sql`insert into log_cursor (origin, next_index) values (${origin}, 0) on conflict do nothing`;
  const [row] = await sql<{ next: string }[]>`
    select next_index as next from log_cursor where origin = ${origin} for update`;
  return BigInt(row?.next ?? 0);
}

interface KeptEvents {
  /** Of each event by its key: of one whose first part came before this batch, that part's. */
  readonly indexes: ReadonlyMap<string, string>;
  /** How many are rows that were not there. */
  readonly made: number;
}

async function keepEvents(sql: TransactionSql, events: readonly EventRow[]): Promise<KeptEvents> {
  if (events.length === 0) return { indexes: new Map(), made: 0 };
  const rows = await sql<{ evt: string; kind: string; index: string; made: boolean }[]>`
    insert into access_event (origin, index, evt, kind, at, instance, practitioner_id, mediator_id, role,
      organisation_id, purpose, reason, override, override_windows, client, operation_name, operation_hash, outcome,
      refusal_code, refusal_detail, intent_index, used_origin, used_index, answer_use, searches, misses, parts,
      parts_seen, jtis)
    select origin, index, evt, kind, at, instance, practitioner, mediator, role, organisation, purpose, reason,
      override, override_windows, client, operation_name, operation_hash, outcome, refusal_code, refusal_detail,
      intent_index, used_origin, used_index, answer_use, searches, misses, parts, parts_seen, jtis
    from jsonb_to_recordset(${sql.json(events as never)}) as event (origin text, index bigint, evt text, kind text,
      at timestamptz, instance text, practitioner text, mediator text, role text, organisation text, purpose text,
      reason text, override boolean, override_windows text[], client text, operation_name text, operation_hash text,
      outcome text, refusal_code text, refusal_detail text, intent_index bigint, used_origin text, used_index bigint,
      answer_use text, searches int, misses int, parts int, parts_seen int, jtis text[])
    on conflict (origin, evt, kind) do update set
      parts_seen = access_event.parts_seen + excluded.parts_seen, jtis = access_event.jtis || excluded.jtis
    returning evt, kind, index, xmax = 0 as made`;
  return {
    indexes: new Map(rows.map((row) => [eventKey(row), row.index])),
    made: rows.filter(({ made }) => made).length,
  };
}

/** @returns How many are rows that were not there. */
async function keepSubjects(
  sql: TransactionSql,
  subjects: readonly SubjectRow[],
  indexes: ReadonlyMap<string, string>,
): Promise<number> {
  if (subjects.length === 0) return 0;
  const rows = subjects.map(({ event, ...subject }) => ({ ...subject, index: indexes.get(event) }));
  const kept = await sql<{ made: boolean }[]>`
    insert into access_subject (origin, index, child_id, at, place, of_record, released, withheld, policies)
    select origin, index, child, at, place, of_record, released, withheld, policies
    from jsonb_to_recordset(${sql.json(rows as never)}) as subject (origin text, index bigint, child text,
      at timestamptz, place int, of_record boolean, released text[], withheld text[], policies text[])
    on conflict (origin, index, child_id) do update set
      of_record = access_subject.of_record or excluded.of_record,
      released = access_subject.released || excluded.released,
      withheld = access_subject.withheld || excluded.withheld,
      policies = access_subject.policies || excluded.policies
    returning xmax = 0 as made`;
  return kept.filter(({ made }) => made).length;
}

async function keepPrunings(sql: TransactionSql, prunings: readonly PruningRow[]): Promise<void> {
  if (prunings.length === 0) return;
  await sql`
    insert into pruning (origin, index, at, pruned_origin, count, before)
    select origin, index, at, pruned_origin, count, before
    from jsonb_to_recordset(${sql.json(prunings as never)}) as pruning (origin text, index bigint, at timestamptz,
      pruned_origin text, count bigint, before timestamptz)`;
}

/** An alert of before a rebuild is the same alert. */
async function keepIrregularities(sql: TransactionSql, found: readonly IrregularityRow[]): Promise<void> {
  if (found.length === 0) return;
  await sql`
    insert into alert (rule, at, note, origin, index)
    select rule, at, note, origin, index
    from jsonb_to_recordset(${sql.json(found as never)}) as found (rule text, at timestamptz, note text, origin text,
      index bigint)
    on conflict do nothing`;
}
