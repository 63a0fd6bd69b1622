import type { LogSource } from '@contactpoint/audit-verifier/log-source';
import type postgres from 'postgres';
import { openReader } from '../postgres/open-reader.ts';
import { AuditCommandError } from './audit-command-error.ts';
import { DatabaseLog } from './database-log.ts';

export interface DatabaseSource extends LogSource {
  /** Of the log whose leaves are the checkpoints of the others, as of every log. */
  log(origin: string): DatabaseLog;
  close(): Promise<void>;
}

/**
 * The audit database as its reader sees it, at one moment: everything is read from one snapshot, so that a log that
 * grows meanwhile does not contradict itself.
 *
 * @throws AuditCommandError UNREADABLE when the database does not answer, or not to us.
 */
export async function openDatabase(url: string): Promise<DatabaseSource> {
  const sql = openReader(url);
  try {
    await sql`begin isolation level repeatable read read only`;
    const [{ snapshot }] = (await sql`select pg_export_snapshot() as snapshot`) as unknown as [
      { snapshot: string },
    ];
    return {
      origins: () => readOrigins(sql),
      log: (origin) => new DatabaseLog({ url, sql, snapshot, origin }),
      strays: async () => [],
      close: () => sql.end({ timeout: 1 }),
    };
  } catch (cause) {
    await sql.end({ timeout: 0 });
    const why = cause instanceof Error && cause.message !== '' ? cause.message : String(cause);
    throw new AuditCommandError(`The audit database cannot be read: ${why}`, { cause });
  }
}

/** Steps from one name to the next in each table's index: `distinct` would read every leaf. */
async function readOrigins(sql: postgres.Sql): Promise<string[]> {
  const names = new Set<string>();
  for (const table of ['leaf', 'checkpoint', 'aggregate_leaf', 'tile']) {
    const rows = await sql<{ origin: string }[]>`
      with recursive name as (
        select min(origin) as origin from ${sql(table)}
        union all
        select (select min(origin) from ${sql(table)} where origin > name.origin) from name where name.origin is not null
      )
      select origin from name where origin is not null`;
    for (const { origin } of rows) names.add(origin);
  }
  return [...names].sort();
}
