import type { TransactionSql } from 'postgres';
import { nameless } from '../compared-reading.ts';
import type { Finding } from '../finding.ts';
import type { AlertSettings } from '../settings.ts';

/**
 * FAMOUS_CHILD: many people who have nothing to do with a child open its record on one day, as when a name was in the
 * news. The child may be anybody's; what gives it away is the crowd.
 *
 * Catches each of them, once a practitioner, child and day, as soon as they are so many. Leaves alone everybody with a
 * relationship, however many the child's conference has, candidates of a search, and fewer of them.
 *
 * @param children Those about whom something was learnt, and the day.
 */
export async function famousChild(
  sql: TransactionSql,
  children: readonly { readonly childId: string; readonly day: string }[],
  { famousReaders }: AlertSettings,
): Promise<readonly Finding[]> {
  if (children.length === 0) return [];
  const rows = await sql<(Finding & { readonly day: string; readonly childId: string })[]>`
    select practitioner_id as "practitionerId", organisation_id as "organisationId", day, child_id as "childId",
      greatest(at, crowded_at) as at,
      jsonb_build_array(jsonb_build_object('origin', origin, 'index', index::text)) as events
    from (
      select reading.*, (array_agg(reading.at) over (
        partition by reading.child_id, reading.day order by reading.at, reading.practitioner_id
        rows between unbounded preceding and unbounded following))[${famousReaders}::int] as crowded_at
      from (select distinct "childId", day
        from jsonb_to_recordset(${sql.json(children as never)}) as learnt ("childId" text, day date)) as learnt
      join child_reading as reading on reading.child_id = learnt."childId" and reading.day = learnt.day
      where reading.opened and reading.related = false
    ) as crowd
    where crowded_at is not null`;
  return rows.map(({ day, childId, ...finding }) => ({
    ...finding,
    occasion: `${day} ${nameless(childId)}`,
    note: 'One of many without a relationship who opened one record on a day',
  }));
}
