import { type FileHandle, mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Replaces a file as a whole: whoever reads it, after a crash or a power cut too, finds either what was there before or
 * what is written now. Resolves only once the new text, and its place in the folder, are on the disk.
 *
 * @see https://man7.org/linux/man-pages/man2/fsync.2.html An entry of a folder is durable once the folder is.
 */
export async function writeDurably(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.new`;
  const handle = await open(draft, 'w', 0o600);
  await synced(handle, () => handle.writeFile(text));
  await rename(draft, file);
  const folder = await open(dirname(file), 'r');
  await synced(folder, async () => {});
}

async function synced(handle: FileHandle, write: () => Promise<void>): Promise<void> {
  try {
    await write();
    await handle.sync();
  } finally {
    await handle.close();
  }
}
