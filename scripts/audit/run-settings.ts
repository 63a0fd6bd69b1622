import { type RunFile, readRunFile } from '../system/run-file.ts';
import { AuditCommandError } from './audit-command-error.ts';

/**
 * What a started system left in its folder; undefined where none was started.
 *
 * @throws AuditCommandError, without what the file says: it holds passwords.
 */
export function readRun(data: string): RunFile | undefined {
  try {
    return readRunFile(data);
  } catch (cause) {
    throw new AuditCommandError(`${data}/run.json is not what a started system leaves there`, { cause });
  }
}

/**
 * URL of a database: as it was given, else what the system of the folder left.
 *
 * @param name Of the setting that gives it.
 * @throws AuditCommandError when neither says, and for an empty text, with which the driver would look for a database of its own.
 */
export function databaseUrlOf(
  name: string,
  given: string | undefined,
  left: string | undefined,
  data: string,
): string {
  const url = given ?? left;
  if (url === undefined)
    throw new AuditCommandError(
      `${name} is not set and ${data}/run.json does not say: start the system first`,
    );
  if (url === '') throw new AuditCommandError(`${name} is empty`);
  return url;
}
