import type { Store } from '@contactpoint/subgraph-kit/store';
import { inTransaction } from '@contactpoint/subgraph-kit/transaction';
import { raise } from '../alerts/finding.ts';
import { findContradictions } from './compare-rows.ts';
import { findMiscounted, type MiscountedRows } from './counted-rows.ts';

/** Logs that one alert names. */
const MOST_NAMED = 20;

/** Milliseconds for a count of all rows, and for taking away those of one log: nobody waits for either. */
const PATIENCE = 600_000;

/**
 * ROWS_ALTERED: rows of a log were taken away or put in otherwise than from the log. Raises one alert over all of them, once an
 * hour, and sets the cursors of these logs back, so that their rows are made again. Where rows tell of what the log does not hold
 * any more, they may be all that is left of it, and stay.
 *
 * @param audit The log's database, as its reader.
 * @returns Logs whose rows stay as they are.
 */
export async function restoreRows(store: Store, audit: Store, now: Date): Promise<readonly string[]> {
  const miscounted = await inTransaction(store, async (sql) => {
    await sql`select set_config('statement_timeout', ${String(PATIENCE)}, true)`;
    const found = await findMiscounted(sql);
    const [first] = found;
    if (first === undefined) return found;
    await raise(sql, 'ROWS_ALTERED', [
      {
        ...{ practitionerId: null, organisationId: null, events: [] },
        at: now.toISOString(),
        occasion: `${now.toISOString().slice(0, 13)} ${sentenceOf(first)}`,
        note: noteOf(found),
      },
    ]);
    return found;
  });
  const kept: string[] = [];
  for (const { origin } of miscounted) {
    if ((await findContradictions(store, audit, origin)).length > 0) kept.push(origin);
    else await dropRowsOf(store, origin);
  }
  return kept;
}

/** Whoever brings rows holds the cursor: what is counted under it is not under way. */
async function dropRowsOf(store: Store, origin: string): Promise<void> {
  await inTransaction(store, async (sql) => {
    await sql`select set_config('statement_timeout', ${String(PATIENCE)}, true)`;
    await sql`select from log_cursor where origin = ${origin} for update`;
    if ((await findMiscounted(sql, origin)).length === 0) return;
    await sql`delete from access_subject where origin = ${origin}`;
    await sql`delete from access_event where origin = ${origin}`;
    await sql`delete from pruning where origin = ${origin}`;
    await sql`delete from log_cursor where origin = ${origin}`;
  });
}

function noteOf(miscounted: readonly MiscountedRows[]): string {
  const named = miscounted.slice(0, MOST_NAMED).map(sentenceOf).join('; ');
  const more = miscounted.length - MOST_NAMED;
  return more > 0 ? `${named}; and ${more} logs more` : named;
}

function sentenceOf({ origin, events, subjects }: MiscountedRows): string {
  return `${origin}: ${events.found} events of ${events.made}, ${subjects.found} children of ${subjects.made}`;
}
