import type { ISql } from 'postgres';

/**
 * Takes the rows of events away whose leaves go, or went, after their term. Alerts and reviews stay: they are not rows of
 * the log.
 *
 * @param indexes Of leaves of one log; an event's rows stand under its first.
 * @returns How many events had rows.
 */
export async function forgetEvents(
  sql: ISql<Record<never, never>>,
  origin: string,
  indexes: readonly bigint[],
): Promise<number> {
  const texts = indexes.map(String);
  await sql`delete from access_subject where origin = ${origin} and index = any(${texts}::text[]::bigint[])`;
  await sql`delete from child_reading where origin = ${origin} and index = any(${texts}::text[]::bigint[])`;
  const { count } = await sql`
    delete from access_event where origin = ${origin} and index = any(${texts}::text[]::bigint[])`;
  return count;
}
