import type { Store } from '@contactpoint/subgraph-kit/store';
import { type Page, type PageArguments, pageOf, readAfter, readFirst } from '../page.ts';
import { holdColumns, type LawfulHoldRow } from './lawful-hold.ts';

export interface HoldFilter {
  /** All numbers of one child; undefined for every child. */
  readonly numbers: readonly string[] | undefined;
  readonly includeEnded: boolean;
}

/** Of a cursor's key beside the time: the hold's id. */
const PLACE_FORM = [/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/];

/** Newest first. A hold whose last day is over has ended, too. */
export async function findHolds(
  sql: Store,
  { numbers, includeEnded }: HoldFilter,
  page: PageArguments,
  now: Date,
): Promise<Page<LawfulHoldRow>> {
  const first = readFirst(page);
  const after = readAfter(page, PLACE_FORM);
  const found = await sql<LawfulHoldRow[]>`
    select ${holdColumns(sql, now)} from lawful_hold
    where true
      ${numbers ? sql`and child_id = any(${numbers as string[]})` : sql``}
      ${includeEnded ? sql`` : sql`and is_in_force(lawful_hold, ${now})`}
      ${after ? sql`and (placed_at, id) < (${after[0]}::timestamptz, ${after[1] ?? ''}::uuid)` : sql``}
    order by placed_at desc, id desc limit ${first + 1}`;
  return pageOf(found, first, ({ placedAt, id }) => [placedAt, id]);
}
