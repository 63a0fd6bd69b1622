import type { Store } from '@contactpoint/subgraph-kit/store';
import { type AccessEventRow, eventColumns } from '../events/access-event-row.ts';
import { type Page, type PageArguments, pageOf, readAfter, readFirst } from '../page.ts';

/** Something an auditor should look at. */
export interface AlertRow {
  readonly id: string;
  /** `LEAF_UNREADABLE`, `BREAK_GLASS`, `RECORD_LIMIT`. */
  readonly rule: string;
  readonly at: string;
  readonly practitionerId: string | null;
  readonly organisationId: string | null;
  readonly note: string | null;
}

export type AlertEventRow = AccessEventRow & { readonly alertId: string };

/** Newest first. */
export async function findAlerts(sql: Store, page: PageArguments): Promise<Page<AlertRow>> {
  const first = readFirst(page);
  const after = readAfter(page, [/^\d{1,18}$/]);
  const found = await sql<AlertRow[]>`
    select id, rule, at, practitioner_id as "practitionerId", organisation_id as "organisationId", note
    from alert
    where true ${after ? sql`and (at, id) < (${after[0]}::timestamptz, ${after[1] ?? ''}::bigint)` : sql``}
    order by at desc, id desc limit ${first + 1}`;
  return pageOf(found, first, ({ at, id }) => [at, id]);
}

export async function countAlerts(sql: Store): Promise<number> {
  const [row] = await sql<{ total: number }[]>`select count(*)::int as total from alert`;
  return row?.total ?? 0;
}

export async function findAlertEvents(
  sql: Store,
  alertIds: readonly string[],
): Promise<readonly AlertEventRow[]> {
  return await sql<AlertEventRow[]>`
    select alert_event.alert_id as "alertId", ${eventColumns(sql)}
    from alert_event join access_event as event using (origin, index)
    where alert_event.alert_id = any(${alertIds as string[]}::bigint[])
    order by event.at desc, event.origin desc, event.index desc`;
}
