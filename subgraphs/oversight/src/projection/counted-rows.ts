import type { ISql } from 'postgres';

/** Rows of one log: how many were made of it, and how many there are. */
export interface MiscountedRows {
  readonly origin: string;
  readonly events: RowCount;
  readonly subjects: RowCount;
}

export interface RowCount {
  readonly made: number;
  readonly found: number;
}

type Sql = ISql<Record<never, never>>;

/** Whether a table of which rows were made is empty: by its price a question to be asked before every answer. */
export async function isEmptied(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ emptied: boolean | null }[]>`
    select sum(events) > 0 and not exists (select from access_event)
      or sum(subjects) > 0 and not exists (select from access_subject) as emptied
    from log_cursor`;
  return row?.emptied === true;
}

/**
 * Counts the rows of every log, or of one, and names the logs that have other than were made. Reads an index as long as the
 * tables: some seconds, where there are tens of millions.
 */
export async function findMiscounted(sql: Sql, origin?: string): Promise<readonly MiscountedRows[]> {
  const ofLog = origin === undefined ? sql`` : sql`where origin = ${origin}`;
  const rows = await sql<{ origin: string; counts: [string, string, string, string] }[]>`
    select origin, array[log_cursor.events, coalesce(event.count, 0),
      log_cursor.subjects, coalesce(subject.count, 0)]::text[] as counts
    from log_cursor
    left join (select origin, count(*) as count from access_event ${ofLog} group by origin) as event using (origin)
    left join (select origin, count(*) as count from access_subject ${ofLog} group by origin) as subject using (origin)
    ${ofLog} order by origin`;
  return rows
    .map(({ origin: log, counts: [events, foundEvents, subjects, foundSubjects] }) => ({
      origin: log,
      events: { made: Number(events), found: Number(foundEvents) },
      subjects: { made: Number(subjects), found: Number(foundSubjects) },
    }))
    .filter(({ events, subjects }) => events.made !== events.found || subjects.made !== subjects.found);
}
