import type { Finding } from '../finding.ts';
import type { DayRule } from '../reader-days.ts';

/**
 * REPEATED_BREAK_GLASS: somebody breaks the glass again and again. Each time may be justified by itself; an emergency that
 * comes several times a week is a way of working that was not agreed.
 *
 * Catches the event that opens one window too many within some days, counted back from it; once a practitioner and ISO
 * week. Leaves alone what happens within one window, and attempts that opened none.
 */
export const repeatedBreakGlass: DayRule = async (sql, dueDays, { breakGlass: { windows, days } }) =>
  await sql<Finding[]>`
    with opened as (
      select distinct on (reader, override_window) reader, override_window, organisation_id, at, origin, index
      from (select distinct reader, day
        from jsonb_to_recordset(${sql.json(dueDays as never)}) as due (reader text, day date)) as due
      join access_event as event on coalesce(event.mediator_id, event.practitioner_id) = due.reader
        and event.at >= london_midnight(due.day - ${days}::int) and event.at < london_midnight(due.day + ${days}::int + 1)
      cross join unnest(event.override_windows) as override_window
      where event.kind in ('access', 'outcome') and event.outcome <> 'REFUSED'
      order by reader, override_window, at, origin, index
    )
    select distinct on (last.reader, occasion) last.reader as "practitionerId",
      last.organisation_id as "organisationId", last.at,
      to_char(last.at at time zone 'Europe/London', 'IYYY-"W"IW') as occasion,
      count(*) || ' break-glass windows within ' || ${days}::int || ' days' as note,
      jsonb_agg(jsonb_build_object('origin', so_far.origin, 'index', so_far.index::text)
        order by so_far.at, so_far.origin, so_far.index) as events
    from opened as last
    join opened as so_far on so_far.reader = last.reader
      and so_far.at > last.at - make_interval(days => ${days}::int)
      and (so_far.at, so_far.origin, so_far.index) <= (last.at, last.origin, last.index)
    group by last.reader, last.override_window, last.organisation_id, last.at, last.origin, last.index
    having count(*) >= ${windows}
    order by last.reader, occasion, last.at, last.origin, last.index`;
