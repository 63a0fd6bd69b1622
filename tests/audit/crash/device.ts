import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * A disk whose power can be cut: an ext4 image, mounted, whose backing file lies on another mounted image.
 *
 * Cutting freezes the outer file system and copies the backing file. The freeze lets no further block of the inner one
 * arrive, and flushes nothing of it: what its page cache holds is not in the copy, and what is in the copy is what had
 * arrived at one moment, no block later than another. So it is what a disk holds whose own cache survives; a disk that
 * also loses what it took and was not told to flush would hold less, and is not modelled.
 *
 * Nobody is stopped meanwhile: whatever waits for the disk waits, whatever does not goes on. So all that is answered up to
 * the thaw counts as answered before the cut, and a machine that answers without waiting for its disk gives itself away.
 */
export interface Device extends Disposable {
  /** Mounted folder, for whatever is to run on the disk. */
  readonly folder: string;
  /** Has all that was written so far reach the disk. */
  flush(): void;
  /** Leaves no room on it until that is disposed of. */
  fill(): Disposable;
  /** Has it take no block until that is disposed of: whoever flushes waits. */
  hang(): Disposable;
  /** Has it fail with an I/O error whatever would take a block that was never written before, until that is disposed of. */
  fail(): Disposable;
  /** As after a repair: what had not arrived is gone. Nobody may use it meanwhile. */
  remount(): void;
  /**
   * The disk as it is at this moment, mounted elsewhere after its journal was replayed.
   *
   * @param see Called before the disk goes on.
   */
  cut<Seen>(see: () => Seen): Promise<CutDevice<Seen>>;
}

interface CutDevice<Seen> extends Disposable {
  readonly folder: string;
  readonly seen: Seen;
}

const execute = promisify(execFile);

const MEBIBYTE = 1024 ** 2;

/** @param size Mebibytes. */
export function makeDevice(size: number): Device {
  const base = mkdtempSync(join(tmpdir(), 'contactpoint-device-'));
  // The server is not root.
  chmodSync(base, 0o755);
  const outer = mountImage(join(base, 'outer'), size + 64);
  const inner = mountImage(join(outer, 'inner'), size, join(base, 'disk'));
  let cuts = 0;
  return {
    folder: inner,
    flush: () => run('sync', '--file-system', inner),
    fill: () => fill(inner),
    hang() {
      run('fsfreeze', '--freeze', outer);
      return { [Symbol.dispose]: () => run('fsfreeze', '--unfreeze', outer) };
    },
    // The image is sparse: a block without a place behind it cannot be written.
    fail: () => fill(outer),
    remount() {
      run('umount', inner);
      run('mount', '-o', 'loop', join(outer, 'inner.image'), inner);
    },
    async cut(see) {
      const image = join(base, `cut-${++cuts}.image`);
      // Not run(): callers are to hear their answers meanwhile.
      await execute('fsfreeze', ['--freeze', outer]);
      const copied = execute('cp', ['--sparse=always', join(outer, 'inner.image'), image]);
      const seen = await copied.then(see).finally(() => run('fsfreeze', '--unfreeze', outer));
      return cutDevice(mountExisting(image, join(base, `cut-${cuts}`)), image, seen);
    },
    [Symbol.dispose]() {
      run('umount', inner);
      run('umount', outer);
      rmSync(base, { recursive: true, force: true });
    },
  };
}

function cutDevice<Seen>(folder: string, image: string, seen: Seen): CutDevice<Seen> {
  return {
    folder,
    seen,
    [Symbol.dispose]() {
      run('umount', folder);
      rmSync(image);
    },
  };
}

/** Down to the last block, those that are reserved for root among them. */
function fill(folder: string): Disposable {
  const file = join(folder, 'filler');
  const descriptor = openSync(file, 'w');
  for (const size of [MEBIBYTE, 4096]) {
    try {
      for (const block = Buffer.alloc(size, 1); ; ) writeSync(descriptor, block);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOSPC') throw cause;
    }
  }
  closeSync(descriptor);
  return { [Symbol.dispose]: () => rmSync(file) };
}

function mountImage(path: string, size: number, folder = path): string {
  const image = `${path}.image`;
  writeFileSync(image, '');
  truncateSync(image, size * MEBIBYTE);
  run('mkfs.ext4', '-q', '-F', image);
  return mountExisting(image, folder);
}

function mountExisting(image: string, folder: string): string {
  mkdirSync(folder);
  run('mount', '-o', 'loop', image, folder);
  chmodSync(folder, 0o755);
  return folder;
}

function run(program: string, ...args: readonly string[]): void {
  execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

/**
 * Whether this machine lets us mount images. Without root it does not, and the tests that need it are left out, which is
 * said loudly; a root who may not mount fails them where `CI` is set.
 */
export function mayMount(): boolean {
  if (process.getuid?.() !== 0) {
    if (process.env['CI'] !== undefined) throw new Error('Mounting an image takes root, and CI is set');
    console.warn('\n  !! LEFT OUT: power cuts, full disks and broken ones. Mounting an image takes root.\n');
    return false;
  }
  try {
    makeDevice(16)[Symbol.dispose]();
    return true;
  } catch (cause) {
    if (process.env['CI'] !== undefined) throw cause;
    console.warn('\n  !! LEFT OUT: power cuts, full disks and broken ones. Images cannot be mounted here.\n');
    return false;
  }
}
