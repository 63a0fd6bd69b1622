import type { Finding } from '../finding.ts';
import { type DayRule, eventsOf } from '../reader-days.ts';

/**
 * SEARCH_MISSES: somebody looks for children who are not there, question after question: guessing names, birthdays or
 * numbers until somebody is found.
 *
 * Catches the event with which the questions of a day that found nobody come to the role's limit; once a practitioner and
 * day. Leaves alone who mistypes now and then, and gives roles that are asked about strangers all day more room. What a
 * shield hides counts as nobody in the event already, so that the count tells nothing of it.
 */
export const searchMisses: DayRule = async (sql, days, { searchMisses: { most, mostOf } }) =>
  await sql<Finding[]>`
    select reader as "practitionerId", (array_agg(organisation_id order by at, origin, index))[1] as "organisationId",
      max(at) as at, day::text as occasion, max(so_far) || ' questions of the day found nobody' as note,
      jsonb_agg(jsonb_build_object('origin', origin, 'index', index::text) order by at, origin, index) as events
    from (
      select *, sum(misses) over (partition by reader, day order by at, origin, index) as so_far,
        coalesce((${sql.json(mostOf as never)}::jsonb ->> role)::int, ${most}::int) as most
      from ${eventsOf(sql, days)} as event where misses > 0
    ) as event
    where so_far - misses < most
    group by reader, day
    having bool_or(so_far >= most)`;
