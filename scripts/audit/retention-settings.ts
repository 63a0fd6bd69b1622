import type { LogKeys } from '@contactpoint/audit-log/log-keys';
import { openKnownKeys } from './known-keys.ts';
import { databaseUrlOf, readRun } from './run-settings.ts';

/** Where retention finds what it goes by. */
export interface RetentionSettings {
  /** URLs of the audit database: as the role that may prune, and as one that may write a log of its own. */
  readonly retentionUrl: string;
  readonly writerUrl: string;
  readonly directoryUrl: string;
  readonly oversightUrl: string;
  /** Who runs the system, for the name of the log. */
  readonly deployment: string;
  /** Keys by which the former log of retention must be signed. */
  readonly keys: () => LogKeys;
}

/**
 * The environment (`AUDIT_RETENTION_DATABASE_URL`, `AUDIT_WRITER_DATABASE_URL`, `DIRECTORY_DATABASE_URL`,
 * `OVERSIGHT_DATABASE_URL`, `CONTACTPOINT_DEPLOYMENT`, `AUDIT_KEYS_FILE`), else what a started system left in its folder.
 *
 * @throws AuditCommandError, KnownKeysError naming what is missing.
 */
export function readRetentionSettings(data: string, environment: NodeJS.ProcessEnv): RetentionSettings {
  const run = readRun(data);
  const require = (name: string, left: string | undefined) =>
    databaseUrlOf(name, environment[name], left, data);
  return {
    retentionUrl: require('AUDIT_RETENTION_DATABASE_URL', run?.audit.retentionUrl),
    writerUrl: require('AUDIT_WRITER_DATABASE_URL', run?.audit.writerUrl),
    directoryUrl: require('DIRECTORY_DATABASE_URL', run?.databases['directory']),
    oversightUrl: require('OVERSIGHT_DATABASE_URL', run?.databases['oversight']),
    deployment: environment['CONTACTPOINT_DEPLOYMENT'] ?? run?.deployment ?? 'contactpoint.local',
    keys: openKnownKeys(data, environment),
  };
}

/**
 * What a rebuild needs: the audit database as its reader, and oversight's own.
 *
 * @throws AuditCommandError naming what is missing.
 */
export function readRebuildSettings(
  data: string,
  environment: NodeJS.ProcessEnv,
): { readonly readerUrl: string; readonly oversightUrl: string } {
  const run = readRun(data);
  const require = (name: string, left: string | undefined) =>
    databaseUrlOf(name, environment[name], left, data);
  return {
    readerUrl: require('AUDIT_READER_DATABASE_URL', run?.audit.readerUrl),
    oversightUrl: require('OVERSIGHT_DATABASE_URL', run?.databases['oversight']),
  };
}
