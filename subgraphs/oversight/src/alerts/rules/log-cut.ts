import type { Store } from '@contactpoint/subgraph-kit/store';
import type { TransactionSql } from 'postgres';
import type { Finding } from '../finding.ts';

/** Days for which the end of a log is looked at again: long before, checkpoints cover it, and verifying finds what went. */
const DAYS = 7;

/** Events that one alert leads to. */
const MOST_EVENTS = 500;

/** How far one log was read. */
interface ReadLog {
  readonly origin: string;
  readonly next: string;
  readonly at: string;
  /** Hex, of the leaf before `next`. */
  readonly hash: string;
}

/**
 * LOG_CUT: the last leaf that was read of a log is not in it any more, or is another. Leaves that no checkpoint covers yet can
 * be taken away without contradicting a signature; the rows that were made of them tell.
 *
 * Catches a log's end that went, once an end, and leads to the events that went with it. Leaves alone what was pruned:
 * its leaf stays, and says nothing.
 *
 * @param sql Where the cursors are; `audit` is the log's database, as its reader.
 * @param now Of the machine.
 */
export async function logCut(sql: TransactionSql, audit: Store, now: Date): Promise<readonly Finding[]> {
  const read = await sql<ReadLog[]>`
    select origin, next_index as next, last_at as at, encode(last_hash, 'hex') as hash from log_cursor
    where last_at > ${now}::timestamptz - make_interval(days => ${DAYS})`;
  const findings: Finding[] = [];
  for (const { origin, end } of await endsOfCut(audit, read, now)) {
    const events = await sql<Finding['events'][number][]>`
      select origin, index::text from access_event where origin = ${origin} and index >= ${end}::bigint
      order by index limit ${MOST_EVENTS}`;
    const place = `${origin} ${end}`;
    findings.push({
      ...{ practitionerId: null, organisationId: null, at: now.toISOString() },
      ...{ occasion: place, note: place, events },
    });
  }
  return findings;
}

/** The first index that is gone, or another, of each log that does not hold what was read of it. */
async function endsOfCut(
  audit: Store,
  read: readonly ReadLog[],
  now: Date,
): Promise<readonly { readonly origin: string; readonly end: string }[]> {
  if (read.length === 0) return [];
  // The time is said in so many words, so that the statement is planned for these days and not for all there ever were.
  const since = new Date(now.getTime() - (DAYS + 1) * 86_400_000).toISOString();
  return await audit<{ origin: string; end: string }[]>`
    select origin, least(next - 1, coalesce((
        select max(index) + 1 from leaf
        where leaf.origin = log.origin and index < log.next and leaf.at >= ${since}::timestamptz
      ), 0))::text as end
    from jsonb_to_recordset(${audit.json(read as never)}) as log (origin text, next bigint, at timestamptz, hash text)
    where encode((
      select leaf_hash from leaf
      where leaf.origin = log.origin and index = log.next - 1 and leaf.at >= ${since}::timestamptz
        and leaf.at >= log.at and leaf.at < log.at + interval '1 millisecond'
      limit 1
    ), 'hex') is distinct from log.hash`;
}
