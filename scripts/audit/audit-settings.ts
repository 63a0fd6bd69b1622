import { resolve } from 'node:path';
import type { LogKeys } from '@contactpoint/audit-log/log-keys';
import { openKnownKeys } from './known-keys.ts';
import { databaseUrlOf, readRun } from './run-settings.ts';

/** Where an access to the log is put on record. */
export interface RecordSettings {
  /** URL as a role that may write a log of its own. */
  readonly writerUrl: string;
  readonly deployment: string;
  /** Keys by which the former log of the commands must be signed. */
  readonly keys: () => LogKeys;
}

/**
 * URL of the audit database as a role that reads the log: `--database-url`, else `AUDIT_READER_DATABASE_URL`, else what a
 * started system left in its folder.
 *
 * @throws AuditCommandError when none says.
 */
export function readerUrlOf(
  { data, databaseUrl }: { readonly data: string; readonly databaseUrl?: string },
  environment: NodeJS.ProcessEnv,
): string {
  const folder = resolve(data);
  const given = databaseUrl ?? environment['AUDIT_READER_DATABASE_URL'];
  // The folder may hold anything where nobody has to look into it.
  const left = given === undefined ? readRun(folder)?.audit.readerUrl : undefined;
  return databaseUrlOf('AUDIT_READER_DATABASE_URL', given, left, folder);
}

/**
 * `AUDIT_WRITER_DATABASE_URL`, `CONTACTPOINT_DEPLOYMENT` and `AUDIT_KEYS_FILE`, else what a started system left in its folder.
 *
 * @throws AuditCommandError, KnownKeysError when neither says: what cannot be put on record is not read.
 */
export function readRecordSettings(data: string, environment: NodeJS.ProcessEnv): RecordSettings {
  const folder = resolve(data);
  const run = readRun(folder);
  const name = 'AUDIT_WRITER_DATABASE_URL';
  return {
    writerUrl: databaseUrlOf(name, environment[name], run?.audit.writerUrl, folder),
    deployment: environment['CONTACTPOINT_DEPLOYMENT'] ?? run?.deployment ?? 'contactpoint.local',
    keys: openKnownKeys(folder, environment),
  };
}
