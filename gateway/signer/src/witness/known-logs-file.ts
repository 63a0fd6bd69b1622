import { readFileSync } from 'node:fs';
import { type NoteVerifier, verifierOf } from '@contactpoint/audit-log/signed-note';
import { SettingError } from '../setting-error.ts';

/** Keys of each log that is cosigned, by its origin: more than one while a log rotates its key. */
export type KnownLogs = ReadonlyMap<string, readonly NoteVerifier[]>;

/**
 * Reads vkeys, one a line, each under the name of its log: `contactpoint.local/aggregate+…`. Lines that begin with `#`
 * are for people.
 *
 * @throws SettingError where it cannot be read, or a line is no vkey.
 */
export function readKnownLogs(file: string): KnownLogs {
  try {
    const lines = readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.trim());
    const keys = lines.filter((line) => line !== '' && !line.startsWith('#')).map(verifierOf);
    return Map.groupBy(keys, ({ name }) => name);
  } catch (cause) {
    throw new SettingError('WITNESS_LOGS_FILE', 'names a file that is not a list of vkeys', { cause });
  }
}
