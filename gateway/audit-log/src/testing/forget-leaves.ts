import type postgres from 'postgres';

/**
 * Forgets leaves of any age, as only the owner of the database can: `prune_leaves` forgets none that is younger than a year.
 *
 * @param owner The audit database as its owner.
 */
export async function forgetLeaves(
  owner: postgres.Sql,
  origin: string,
  indexes: readonly number[],
): Promise<void> {
  await owner.begin(async (sql) => {
    await sql`set local contactpoint.pruning = 'on'`;
    await sql`
      update leaf set leaf = null, pruned_at = clock_timestamp()
      where origin = ${origin} and index = any (${indexes.map(String)}::text[]::bigint[])`;
  });
}
