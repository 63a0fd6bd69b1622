import { readFileSync } from 'node:fs';
import { KeyFileError, type LogKeys, readLogKeys } from '@contactpoint/audit-log/log-keys';
import { ConfigError } from '../config-error.ts';

/** Public keys of checkpoints, which change while the gateway runs: a rotated key signs from one moment to the next. */
export interface KeysFile {
  readonly current: LogKeys;
  /** Reads the file again. What cannot be read leaves the keys as they were. */
  reload(): void;
}

/** @throws ConfigError when there is no key to begin with. */
export function openKeysFile(path: string): KeysFile {
  let current: LogKeys;
  try {
    current = readLogKeys(readFileSync(path, 'utf8'));
  } catch (cause) {
    const problem = cause instanceof KeyFileError ? cause.message : (cause as NodeJS.ErrnoException).code;
    throw new ConfigError(`AUDIT_KEYS_FILE names a file that cannot be used (${problem})`, { cause });
  }
  return {
    get current() {
      return current;
    },
    reload() {
      try {
        current = readLogKeys(readFileSync(path, 'utf8'));
      } catch {
        // A file that is being replaced, or was spoilt: the next look is a second away.
      }
    },
  };
}
