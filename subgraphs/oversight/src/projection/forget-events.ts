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
  await sql`delete from child_reading where origin = ${origin} and index = any(${texts}::text[]::bigint[])`;
  const [gone] = await sql<{ events: number }[]>`
    with subject as (
      delete from access_subject where origin = ${origin} and index = any(${texts}::text[]::bigint[]) returning 1
    ), event as (
      delete from access_event where origin = ${origin} and index = any(${texts}::text[]::bigint[]) returning 1
    ), gone as (
      select (select count(*) from event)::int as events, (select count(*) from subject)::int as subjects
    ), counted as (
      update log_cursor set events = log_cursor.events - gone.events, subjects = log_cursor.subjects - gone.subjects
      from gone where origin = ${origin} and gone.events + gone.subjects > 0
    )
    select events from gone`;
  return gone?.events ?? 0;
}
