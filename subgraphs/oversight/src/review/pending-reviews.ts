import type { Store } from '@contactpoint/subgraph-kit/store';
import { type AccessEventRow, eventColumns } from '../events/access-event-row.ts';
import { type Page, type PageArguments, pageOf, readAfter, readFirst } from '../page.ts';

/** A break-glass window that nobody has reviewed. */
export interface PendingReviewRow {
  /** Names the window; not part of the answer. */
  readonly window: string;
  readonly alertId: string;
  readonly openedAt: string;
}

export type WindowEventRow = AccessEventRow & { readonly window: string };

/** Events of one window in an answer; the rest is found by practitioner and time. */
const MOST_EVENTS = 50;

/** Oldest first, as the oldest is due first. A review of any of its events is one of the window. */
export async function findPendingReviews(sql: Store, page: PageArguments): Promise<Page<PendingReviewRow>> {
  const first = readFirst(page);
  const after = readAfter(page, [/^\d{1,18}$/]);
  const found = await sql<PendingReviewRow[]>`
    select override_window as window, id as "alertId", at as "openedAt"
    from alert
    where ${isPending(sql)}
      ${after ? sql`and (at, id) > (${after[0]}::timestamptz, ${after[1] ?? ''}::bigint)` : sql``}
    order by at, id limit ${first + 1}`;
  return pageOf(found, first, ({ openedAt, alertId }) => [openedAt, alertId]);
}

export async function countPendingReviews(sql: Store): Promise<number> {
  const [row] = await sql<
    { total: number }[]
  >`select count(*)::int as total from alert where ${isPending(sql)}`;
  return row?.total ?? 0;
}

function isPending(sql: Store) {
  return sql`
    rule = 'BREAK_GLASS' and override_window is not null
      and not exists (
        select 1 from (select unnest(override_windows) as name from override_review) as reviewed
        where reviewed.name = alert.override_window)`;
}

/** What was asked for under each window, oldest first: the event that opened it comes before all others. */
export async function findWindowEvents(
  sql: Store,
  windows: readonly string[],
): Promise<readonly WindowEventRow[]> {
  return await sql<WindowEventRow[]>`
    select asked.name as window, event.*
    from unnest(${windows as string[]}::text[]) as asked (name)
    cross join lateral (
      select ${eventColumns(sql)} from access_event as event
      where event.override and event.override_windows @> array[asked.name]
      order by event.at, event.origin, event.index limit ${MOST_EVENTS}
    ) as event
    order by event.at, event.origin, event.index`;
}
