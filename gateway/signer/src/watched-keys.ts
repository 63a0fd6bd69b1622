import { statSync } from 'node:fs';
import type { Logger } from 'pino';
import { type CheckpointKeys, readCheckpointKeys } from './checkpoint-keys.ts';

/**
 * The keys as their files hold them now: a rotation takes effect in the next round, without a pause. Files that have
 * become unreadable change nothing, and are reported once.
 *
 * @returns To be asked before each signature; costs two looks at a file.
 * @throws SettingError as `readCheckpointKeys`, the first time alone.
 */
export function watchCheckpointKeys(
  file: string,
  publicFile: string | undefined,
  logger: Logger,
): () => CheckpointKeys {
  const files = publicFile === undefined ? [file] : [file, publicFile];
  let seen = versionOf(files);
  let keys = readCheckpointKeys(file, publicFile);
  return () => {
    const version = versionOf(files);
    if (version === seen) return keys;
    seen = version;
    try {
      keys = readCheckpointKeys(file, publicFile);
      logger.info('keys read again');
    } catch (cause) {
      logger.error({ problem: (cause as Error).message }, 'keys not read again, the former ones go on');
    }
    return keys;
  };
}

/** Files are replaced as a whole, by another one of the same name. */
function versionOf(files: readonly string[]): string {
  return files
    .map((file) => {
      const stat = statSync(file, { throwIfNoEntry: false });
      return `${stat?.ino} ${stat?.mtimeMs} ${stat?.mode}`;
    })
    .join('; ');
}
