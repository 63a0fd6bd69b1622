import type postgres from 'postgres';
import { AuditStoreError } from './append-error.ts';

export interface DurabilityOptions {
  /** For tests alone, see `PostgresLogOptions`: what the server itself loses is then not asked for. */
  readonly allowUnsafeServer: boolean;
  /** Standbys that a commit must wait for; 0 for none. */
  readonly standbys: number;
}

/** Settings of the server that decide whether it keeps what it acknowledges, as one connection sees them. */
export interface DurabilitySettings {
  readonly fsync: string;
  readonly full_page_writes: string;
  readonly synchronous_commit: string;
  readonly synchronous_standby_names: string;
}

const MUST_BE_ON = ['fsync', 'full_page_writes', 'synchronous_commit'] as const;

/** What a `select` of the settings lists: microseconds, so that it can stand beside every append. */
export function durabilitySettings(sql: postgres.Sql<{ bigint: bigint }>): postgres.Fragment {
  return sql`
    current_setting('fsync') as fsync,
    current_setting('full_page_writes') as full_page_writes,
    current_setting('synchronous_commit') as synchronous_commit,
    current_setting('synchronous_standby_names') as synchronous_standby_names`;
}

/** @throws AuditStoreError naming the settings under which the server would lose what it acknowledges. */
export function requireDurableSettings(
  settings: DurabilitySettings | undefined,
  { allowUnsafeServer, standbys }: DurabilityOptions,
): void {
  if (settings === undefined) throw new AuditStoreError('The audit database does not say what it keeps');
  const off = allowUnsafeServer ? [] : MUST_BE_ON.filter((name) => settings[name] !== 'on');
  if (off.length > 0) {
    const named = off.map((name) => `${name} = ${settings[name]}`).join(', ');
    throw new AuditStoreError(`The audit database would lose what it acknowledged: ${named}`);
  }
  const waitedFor = standbysWaitedFor(settings.synchronous_standby_names);
  if (waitedFor >= standbys) return;
  const problem = `waits for ${waitedFor} standbys, and ${standbys} are required`;
  throw new AuditStoreError(`The audit database ${problem}: synchronous_standby_names`);
}

/**
 * Looks at the settings, and at the tables: an unlogged one is empty after a crash, whatever the settings say.
 *
 * @throws AuditStoreError saying why the server would lose what it acknowledges.
 */
export async function requireDurable(
  sql: postgres.Sql<{ bigint: bigint }>,
  options: DurabilityOptions,
): Promise<void> {
  const [row] = await sql<(DurabilitySettings & { unlogged: string | null })[]>`
    select ${durabilitySettings(sql)}, (
      select string_agg(relname, ', ' order by relname) from pg_class
      where relnamespace = 'public'::regnamespace and relkind = 'r' and relpersistence <> 'p'
    ) as unlogged`;
  requireDurableSettings(row, options);
  if (typeof row?.unlogged === 'string')
    throw new AuditStoreError(`The audit database would lose tables that are unlogged: ${row.unlogged}`);
}

/**
 * How many standbys a commit waits for: `FIRST 2 (a, b)`, `ANY 1 (*)`, `2 (a, b)`, or a plain list, which is one.
 *
 * @see https://www.postgresql.org/docs/current/runtime-config-replication.html#GUC-SYNCHRONOUS-STANDBY-NAMES
 */
export function standbysWaitedFor(names: string): number {
  if (names.trim() === '') return 0;
  const [, number = '1'] = /^\s*(?:(?:FIRST|ANY)\s+)?(\d+)\s*\(/i.exec(names) ?? [];
  return Number(number);
}
