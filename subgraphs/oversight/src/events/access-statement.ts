import type { Store } from '@contactpoint/subgraph-kit/store';
import { badArgument } from '@contactpoint/subgraph-kit/subgraph-error';
import { readDay } from '../bad-input.ts';
import { isHeld } from '../holds/lawful-hold.ts';
import { type AccessEventRow, eventColumns, type SubjectAccessRow } from './access-event-row.ts';

/** Rows of one statement at most: it is handed out whole or not at all. */
const MOST_ROWS = 5_000;

export interface StatementArguments {
  readonly childId: string;
  /** First and last day that count, in Europe/London. */
  readonly from?: unknown;
  readonly to?: unknown;
}

export interface AccessStatement {
  readonly childId: string;
  readonly childIds: readonly string[];
  readonly from: string | null;
  readonly to: string | null;
  readonly events: readonly StatementEvent[];
}

/** Of its subjects a statement shows the one child it is about, never who else was read at the same time. */
export type StatementEvent = AccessEventRow & { readonly subjects: readonly SubjectAccessRow[] };

/**
 * Everyone who asked for the child's record, newest first, with what they got of it and what was withheld. What a lawful
 * hold covers is left out, and nothing else tells so: the rest is what it would be, had those accesses never been. Left out
 * as well is who asked what the log says of the child, holds included: that showed nothing of the record. A mutation is one
 * access, told by its outcome, or by its intent where it has none.
 *
 * @param numbers All numbers of the child.
 * @param now Which holds are in force.
 */
export async function findAccessStatement(
  sql: Store,
  request: StatementArguments,
  numbers: readonly string[],
  now: Date,
): Promise<AccessStatement> {
  const { childId } = request;
  const from = readDay(request.from, 'from');
  const to = readDay(request.to, 'to');
  const rows = await sql<(AccessEventRow & Omit<SubjectAccessRow, 'origin' | 'index'>)[]>`
    select ${eventColumns(sql)}, subject.child_id as "childId", subject.released, subject.withheld, subject.policies
    from access_subject as subject join access_event as event using (origin, index)
    where subject.child_id = any(${numbers as string[]}) and subject.of_record
      ${from ? sql`and subject.at >= london_midnight(${from}::date)` : sql``}
      ${to ? sql`and subject.at < london_midnight(${to}::date + 1)` : sql``}
      and not ${isHeld(sql, numbers, now)}
      and not (event.kind = 'intent' and exists (
        select from access_event as outcome
        where outcome.origin = event.origin and outcome.evt = event.evt and outcome.kind = 'outcome'))
    order by subject.at desc, event.origin desc, event.index desc, subject.place
    limit ${MOST_ROWS + 1}`;
  if (rows.length > MOST_ROWS)
    throw badArgument('from', 'RANGE', 'The period holds too many accesses for one statement');
  return { childId, childIds: numbers, from: from ?? null, to: to ?? null, events: eventsOf(rows) };
}

/** One event may be of the child under two of its numbers. */
function eventsOf(rows: readonly (AccessEventRow & Omit<SubjectAccessRow, 'origin' | 'index'>)[]) {
  const events = new Map<string, AccessEventRow & { readonly subjects: SubjectAccessRow[] }>();
  for (const { childId, released, withheld, policies, ...event } of rows) {
    const { origin, index } = event;
    const key = `${origin} ${index}`;
    const known = events.get(key) ?? { ...event, subjects: [] };
    events.set(key, known);
    known.subjects.push({ origin, index, childId, released, withheld, policies });
  }
  return [...events.values()];
}
