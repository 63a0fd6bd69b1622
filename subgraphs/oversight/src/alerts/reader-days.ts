import type { TransactionSql } from 'postgres';
import type { Finding } from './finding.ts';
import type { AlertSettings } from './settings.ts';

/** A day in Europe/London, `YYYY-MM-DD`, of somebody who read. */
export interface ReaderDay {
  readonly reader: string;
  readonly day: string;
}

/** A rule over the events of some days: what it finds there, each time it looks, is the same. */
export type DayRule = (
  sql: TransactionSql,
  days: readonly ReaderDay[],
  settings: AlertSettings,
) => Promise<readonly Finding[]>;

/** Events of these days as `reader`, `day`, and the columns of `access_event`; those that count as reading. */
export function eventsOf(sql: TransactionSql, days: readonly ReaderDay[]) {
  return sql`
    (select event.*, due.reader, due.day
    from jsonb_to_recordset(${sql.json(days as never)}) as due (reader text, day date)
    join access_event as event on coalesce(event.mediator_id, event.practitioner_id) = due.reader
      and event.at >= london_midnight(due.day) and event.at < london_midnight(due.day + 1)
    where event.kind in ('access', 'intent', 'outcome') and event.role is not null
      and event.organisation_id is not null)`;
}

/** The first event of each of these days that showed a child something: `reader`, `day`, `child_id`, and its place. */
export function firstShowings(sql: TransactionSql, days: readonly ReaderDay[]) {
  return sql`
    (select distinct on (event.reader, event.day, subject.child_id) event.reader, event.day, subject.child_id, event.at,
      event.origin, event.index, event.role, event.organisation_id
    from ${eventsOf(sql, days)} as event
    join access_subject as subject on subject.origin = event.origin and subject.index = event.index
    where subject.released <> '{}'
    order by event.reader, event.day, subject.child_id, event.at, event.origin, event.index)`;
}
