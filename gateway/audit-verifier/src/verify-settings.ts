import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { KeyFileError, type LogKeys, readLogKeys, readWitnessKeys } from '@contactpoint/audit-log/log-keys';
import type { NoteVerifier } from '@contactpoint/audit-log/signed-note';
import { LogFault } from './fault.ts';
import type { HeadStatement } from './head-statement.ts';
import { readKnownCheckpoints } from './known-checkpoints.ts';

/** A file that was named cannot be used. The message names it. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** Files that are named when a log is verified. */
export interface VerifyFiles {
  readonly keys: string;
  readonly witnessKeys?: string;
  readonly known?: string;
}

/** @throws SettingsError */
export async function readVerifyFiles(files: VerifyFiles): Promise<{
  readonly keys: LogKeys;
  readonly witnesses: readonly NoteVerifier[];
  readonly known: readonly HeadStatement[];
}> {
  const keys = readWith(files.keys, readLogKeys);
  const witnesses = files.witnessKeys === undefined ? [] : readWith(files.witnessKeys, readWitnessKeys);
  const known = files.known === undefined ? [] : await readKnown(files.known, keys);
  return { keys, witnesses, known };
}

function readWith<T>(file: string, read: (text: string) => T): T {
  const text = readText(file);
  try {
    return read(text);
  } catch (cause) {
    if (cause instanceof KeyFileError) throw new SettingsError(`${file}: ${cause.message}`, { cause });
    throw cause;
  }
}

async function readKnown(file: string, keys: LogKeys): Promise<readonly HeadStatement[]> {
  try {
    return await readKnownCheckpoints(readText(file), basename(file), keys);
  } catch (cause) {
    if (cause instanceof LogFault) throw new SettingsError(`${file}: ${cause.fault.message}`, { cause });
    throw cause;
  }
}

/** @throws SettingsError */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    throw new SettingsError(`${file} cannot be read (${code})`, { cause });
  }
}
