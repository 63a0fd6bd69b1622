import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { KeyFileError, type LogKeys, readLogKeys } from '@contactpoint/audit-log/log-keys';

/** The file of public keys cannot be used. The message names it. */
export class KnownKeysError extends Error {
  override readonly name = 'KnownKeysError';
}

/**
 * Public keys of checkpoints, for a command that writes a log of its own: `AUDIT_KEYS_FILE`, else `audit-keys.txt` of the
 * folder. Read again each time they are asked for, as a rotated key signs from one moment to the next; what cannot be read
 * then leaves them as they were.
 *
 * @throws KnownKeysError when there is no key to begin with.
 */
export function openKnownKeys(data: string, environment: NodeJS.ProcessEnv): () => LogKeys {
  const file = environment['AUDIT_KEYS_FILE'] ?? resolve(data, 'audit-keys.txt');
  const read = () => readLogKeys(readFileSync(file, 'utf8'));
  let known: LogKeys;
  try {
    known = read();
  } catch (cause) {
    const problem = cause instanceof KeyFileError ? cause.message : (cause as NodeJS.ErrnoException).code;
    throw new KnownKeysError(
      `${file} cannot be used (${problem}): without the keys of checkpoints nothing is put on record. AUDIT_KEYS_FILE names another`,
      { cause },
    );
  }
  return () => {
    try {
      known = read();
    } catch {
      // A file that is being replaced, or was spoilt: whoever waits for a checkpoint asks again.
    }
    return known;
  };
}
