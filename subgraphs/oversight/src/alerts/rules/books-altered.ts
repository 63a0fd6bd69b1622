import type { TransactionSql } from 'postgres';
import type { Finding } from '../finding.ts';

/**
 * BOOKS_ALTERED: alerts, reviews or lawful holds are not as many as were ever put in, though none is ever taken out. What they
 * said is gone: the log does not hold it. Alerts of rules that go by the log are raised again when the rows are made again.
 *
 * Catches what was taken away or put in by hand, once for each number of rows that are too few or too many.
 *
 * @param now Of the machine.
 */
export async function booksAltered(sql: TransactionSql, now: Date): Promise<readonly Finding[]> {
  const books = await sql<{ name: string; made: string; found: string }[]>`
    select name, made.rows::text as made, found.rows::text as found from kept_book as made join (
      select 'alert' as name, count(*) as rows from alert
      union all select 'override_review', count(*) from override_review
      union all select 'lawful_hold', count(*) from lawful_hold
    ) as found using (name)
    where made.rows <> found.rows`;
  return books.map(({ name, made, found }) => ({
    ...{ practitionerId: null, organisationId: null, events: [] },
    at: now.toISOString(),
    occasion: `${name} ${Number(made) - Number(found)}`,
    note: `${name}: ${found} of ${made}`,
  }));
}
