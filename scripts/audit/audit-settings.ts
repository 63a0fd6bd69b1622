import { resolve } from 'node:path';
import type { LogKeys } from '@contactpoint/audit-log/log-keys';
import { type RunFile, readRunFile } from '../system/run-file.ts';
import { AuditCommandError } from './audit-command-error.ts';
import { openKnownKeys } from './known-keys.ts';

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
  const known = databaseUrl ?? environment['AUDIT_READER_DATABASE_URL'] ?? readRun(folder)?.audit.readerUrl;
  return required('AUDIT_READER_DATABASE_URL', known, folder);
}

/**
 * `AUDIT_WRITER_DATABASE_URL`, `CONTACTPOINT_DEPLOYMENT` and `AUDIT_KEYS_FILE`, else what a started system left in its folder.
 *
 * @throws AuditCommandError, KnownKeysError when neither says: what cannot be put on record is not read.
 */
export function readRecordSettings(data: string, environment: NodeJS.ProcessEnv): RecordSettings {
  const folder = resolve(data);
  const run = readRun(folder);
  const known = environment['AUDIT_WRITER_DATABASE_URL'] ?? run?.audit.writerUrl;
  return {
    writerUrl: required('AUDIT_WRITER_DATABASE_URL', known, folder),
    deployment: environment['CONTACTPOINT_DEPLOYMENT'] ?? run?.deployment ?? 'contactpoint.local',
    keys: openKnownKeys(folder, environment),
  };
}

function required(name: string, url: string | undefined, data: string): string {
  if (url !== undefined) return url;
  throw new AuditCommandError(`${name} is not set and ${data}/run.json does not say: start the system first`);
}

function readRun(data: string): RunFile | undefined {
  try {
    return readRunFile(data);
  } catch (cause) {
    throw new AuditCommandError(`${data}/run.json is not what a started system leaves there`, { cause });
  }
}
