import { once } from 'node:events';
import { createWriteStream, lstatSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { AuditCommandError } from './audit-command-error.ts';

/** A file that has its name once it is whole: one that a command was ended at is not to be taken for one that ends there. */
export interface WholeFile {
  /** Waits where the disk is slower. */
  write(text: string): Promise<void>;
  /** Gives it its name. */
  keep(): Promise<void>;
  /** Without `keep`, what was written, if anything was, stays beside it as `NAME.part`. */
  close(): Promise<void>;
}

/** Behind the name while it is written. */
const PART = '.part';

/**
 * Opens a file for its owner alone: what is written says who read about whom.
 *
 * @param replaces Whether a file of that name may be there, and goes once the new one is whole. A pipe or a terminal is then
 *   written to as it is.
 * @throws AuditCommandError naming the file, here and when it cannot be written on.
 */
export async function openWholeFile(
  file: string,
  { replaces }: { readonly replaces: boolean },
): Promise<WholeFile> {
  const there = lstatSync(file, { throwIfNoEntry: false });
  if (there !== undefined && !replaces) throw unwritable(file, { code: 'EEXIST' });
  const isFile = there?.isFile() ?? true;
  const name = isFile ? `${file}${PART}` : file;
  if (isFile && replaces) await rm(name, { force: true });
  const stream = createWriteStream(name, { flags: isFile ? 'wx' : 'w', mode: 0o600 });
  const failed = once(stream, 'error').then(([cause]) => Promise.reject(unwritable(name, cause)));
  // Should nobody be writing when it fails: whoever writes or ends then is told.
  failed.catch(() => undefined);
  const until = async (event: string) => {
    await Promise.race([once(stream, event), failed]).catch((cause: unknown) => {
      throw cause instanceof AuditCommandError ? cause : unwritable(name, cause);
    });
  };
  await until('open');
  let isKept = !isFile;
  return {
    async write(text) {
      if (!stream.write(text)) await until('drain');
    },
    async keep() {
      stream.end();
      await until('finish');
      if (!isKept) await rename(name, file);
      isKept = true;
    },
    async close() {
      if (stream.writableFinished || stream.errored !== null) return;
      stream.end();
      await until('finish');
      if (stream.bytesWritten === 0 && isFile) await rm(name, { force: true });
    },
  };
}

function unwritable(file: string, cause: unknown): AuditCommandError {
  const { code = 'unknown' } = cause as NodeJS.ErrnoException;
  return new AuditCommandError(`${file} cannot be written (${code})`, { cause });
}
