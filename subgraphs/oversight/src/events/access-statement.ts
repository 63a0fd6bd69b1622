import type { Store } from '@contactpoint/subgraph-kit/store';
import { badInput, readDay } from '../bad-input.ts';
import { type AccessEventRow, eventColumns } from './access-event-row.ts';

/** Events of one statement at most: it is handed out whole or not at all. */
const MOST_EVENTS = 5_000;

export interface StatementArguments {
  readonly childId: string;
  /** First and last day that count, in Europe/London. */
  readonly from?: unknown;
  readonly to?: unknown;
}

export interface AccessStatement {
  readonly childId: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly events: readonly StatementEvent[];
}

/** Of its subjects a statement shows the one child it is about, never who else was read at the same time. */
export type StatementEvent = AccessEventRow & { readonly onlyChildId: string };

/** Everyone who asked for the child's record, newest first, with what they got of it and what was withheld. */
export async function findAccessStatement(sql: Store, request: StatementArguments): Promise<AccessStatement> {
  const { childId } = request;
  const from = readDay(request.from, 'from');
  const to = readDay(request.to, 'to');
  const rows = await sql<AccessEventRow[]>`
    select ${eventColumns(sql)}
    from access_subject as subject join access_event as event using (origin, index)
    where subject.child_id = ${childId}
      ${from ? sql`and event.at >= ${startOf(sql, from, 0)}` : sql``}
      ${to ? sql`and event.at < ${startOf(sql, to, 1)}` : sql``}
    order by event.at desc, event.origin desc, event.index desc
    limit ${MOST_EVENTS + 1}`;
  if (rows.length > MOST_EVENTS) throw badInput('The period holds too many accesses for one statement');
  return {
    childId,
    from: from ?? null,
    to: to ?? null,
    events: rows.map((row) => ({ ...row, onlyChildId: childId })),
  };
}

function startOf(sql: Store, day: string, daysLater: number) {
  return sql`((${day}::date + ${daysLater}::int)::timestamp at time zone 'Europe/London')`;
}
