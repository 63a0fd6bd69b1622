import type { Store } from '@contactpoint/subgraph-kit/store';

/** One leaf as the log holds it. */
export interface LoggedLeaf {
  readonly origin: string;
  readonly index: bigint;
  /** When the log took it, RFC 3339. */
  readonly at: string;
  /** Null for one that was pruned after its term: that it was there is all that is left of it. */
  readonly leaf: Uint8Array | null;
  readonly leafHash: Uint8Array;
}

/** Leaves of one log, and of all together, in one reading. */
export const LEAVES_PER_ORIGIN = 200;
export const LEAVES_PER_READING = 2_000;

/**
 * Leaves that come at or after each log's position, in order of their index; a log without a position is read from its
 * first leaf. One session at a time writes a log, so that a leaf is never seen before those with lower indexes.
 *
 * @param audit The log's database, as its reader.
 */
export async function readLeaves(
  audit: Store,
  positions: ReadonlyMap<string, bigint>,
): Promise<readonly LoggedLeaf[]> {
  const from = [...positions].map(([origin, next]) => ({ origin, next: next.toString() }));
  const rows = await audit<(Omit<LoggedLeaf, 'index'> & { index: string })[]>`
    select origin, next_leaf.index, next_leaf.at, next_leaf.leaf, next_leaf.leaf_hash as "leafHash"
    from (select distinct origin from writer_session) as log
    left join jsonb_to_recordset(${audit.json(from)}) as position (origin text, next bigint) using (origin)
    cross join lateral (
      select index, at, leaf, leaf_hash from leaf
      where leaf.origin = log.origin and leaf.index >= coalesce(position.next, 0)
      order by index limit ${LEAVES_PER_ORIGIN}
    ) as next_leaf
    order by origin, index limit ${LEAVES_PER_READING}`;
  return rows.map((row) => ({ ...row, index: BigInt(row.index) }));
}
