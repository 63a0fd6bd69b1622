import type postgres from 'postgres';

/** Names of all logs that there are, but for the log of all logs, which holds nothing of anybody. */
export async function readOrigins(sql: postgres.Sql): Promise<readonly string[]> {
  const rows = await sql<{ origin: string }[]>`select distinct origin from writer_session order by origin`;
  return rows.map(({ origin }) => origin);
}

/**
 * Forgets what leaves said, through the one function that may. Their hashes stay, and with them the tree and every proof.
 *
 * @param sql The audit database, as the role `retention`.
 * @returns How many it forgot; those that were forgotten before do not count.
 */
export async function pruneLeaves(
  sql: postgres.Sql,
  origin: string,
  indexes: readonly bigint[],
): Promise<number> {
  const [row] = await sql<{ pruned: string }[]>`
    select prune_leaves(${origin}, ${indexes.map(String)}::text[]::bigint[])::text as pruned`;
  return Number(row?.pruned);
}

/** Indexes fetched at a time. */
const FETCHED = 10_000;

/** Indexes of the leaves of one log that were kept before a moment and have been forgotten, in order. */
export async function* readPrunedIndexes(
  sql: postgres.Sql,
  origin: string,
  before: Date,
): AsyncGenerator<readonly bigint[]> {
  const leaves = sql<{ index: string | bigint }[]>`
    select index from leaf
    where origin = ${origin} and leaf is null and at < ${before.toISOString()}::timestamptz
    order by index`;
  for await (const rows of leaves.cursor(FETCHED)) yield rows.map(({ index }) => BigInt(index));
}
