import { openReader } from '../postgres/open-reader.ts';
import type { Journal, JournalEntry } from './journal-entry.ts';
import { ReconcileError, unreadable } from './reconcile-error.ts';

/** Rows fetched at a time. */
const FETCHED = 1_000;

/**
 * The journal of a subgraph that uses the kit, from its database, through a cursor: as it was when reading began.
 *
 * @param since Entries made from this moment on; all of them where it is undefined.
 * @throws ReconcileError when the database does not answer, or holds no journal.
 */
export function journalInDatabase(subgraph: string, url: string, since: Date | undefined): Journal {
  return { subgraph, entries: readEntries(subgraph, url, since) };
}

async function* readEntries(
  subgraph: string,
  url: string,
  since: Date | undefined,
): AsyncGenerator<JournalEntry> {
  const sql = openReader(url, { arrays: true });
  try {
    const rows = sql<JournalEntry[]>`
      select jti, evt, iss, practitioner, operation, child_id as child, coordinates,
        to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
      from access_journal where at >= ${since ?? new Date(0)}
      order by jti collate "C", id`;
    for await (const batch of rows.cursor(FETCHED)) yield* batch;
  } catch (cause) {
    throw cause instanceof ReconcileError ? cause : unreadable(`The journal of ${subgraph}`, cause);
  } finally {
    await sql.end({ timeout: 1 });
  }
}
