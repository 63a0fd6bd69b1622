import type { Finding } from '../finding.ts';
import { type DayRule, eventsOf } from '../reader-days.ts';

/**
 * OUTSIDE_HOURS: somebody looks at children while nobody is at work. Whoever looks out of curiosity, or for somebody else,
 * does it unobserved.
 *
 * Catches the first event that names a child between the end of one working day and the start of the next, on the clocks
 * of Europe/London, summer time included; once a practitioner and night, a weekend being two. Leaves alone the roles and
 * organisations that work round the clock. Public holidays are days like others here.
 */
export const outsideHours: DayRule = async (sql, days, { officeHours, roundTheClock }) =>
  await sql<Finding[]>`
    select distinct on (reader, occasion) reader as "practitionerId", organisation_id as "organisationId", at,
      occasion, 'Outside hours, at ' || to_char(local, 'HH24:MI') as note,
      jsonb_build_array(jsonb_build_object('origin', origin, 'index', index::text)) as events
    from (
      select *, to_char(local - make_interval(hours => ${officeHours.from}::int), 'YYYY-MM-DD') as occasion
      from (select *, at at time zone 'Europe/London' as local from ${eventsOf(sql, days)} as event) as event
    ) as event
    where (extract(isodow from local) > 5 or extract(hour from local) < ${officeHours.from}
        or extract(hour from local) >= ${officeHours.to})
      and role <> all(${[...roundTheClock.roles]}) and organisation_id <> all(${[...roundTheClock.organisations]})
      and exists (select from access_subject as subject
        where subject.origin = event.origin and subject.index = event.index)
    order by reader, occasion, at, origin, index`;
