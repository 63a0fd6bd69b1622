import type { Store } from '@contactpoint/subgraph-kit/store';
import { type Page, type PageArguments, pageOf, readAfter, readFirst } from '../page.ts';

/** That leaves of one log were pruned, as another log says. */
export interface PruningRow {
  readonly origin: string;
  readonly index: string;
  readonly at: string;
  readonly prunedOrigin: string;
  readonly count: number;
  /** Everything that went was due before this moment. */
  readonly before: string;
}

/** Of a cursor's keys beside the time: origin and index. */
const PLACE_FORM = [/^\S{1,200}$/, /^\d{1,18}$/];

/** Newest first. */
export async function findPrunings(sql: Store, page: PageArguments): Promise<Page<PruningRow>> {
  const first = readFirst(page);
  const after = readAfter(page, PLACE_FORM);
  const found = await sql<PruningRow[]>`
    select origin, index, at, pruned_origin as "prunedOrigin", count::int as count, before
    from pruning
    where true
      ${after ? sql`and (at, origin, index) < (${after[0]}::timestamptz, ${after[1] ?? ''}, ${after[2] ?? ''}::bigint)` : sql``}
    order by at desc, origin desc, index desc limit ${first + 1}`;
  return pageOf(found, first, ({ at, origin, index }) => [at, origin, index]);
}
