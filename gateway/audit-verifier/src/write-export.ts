import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { readCheckpoint } from '@contactpoint/audit-log/checkpoint';
import type { Hash } from '@contactpoint/audit-log/merkle';
import { NoteError, readNote } from '@contactpoint/audit-log/note-format';
import { entriesPath, TILE_WIDTH, tilePath } from '@contactpoint/audit-log/tile-path';
import { encodeEntries } from './entry-bundle.ts';
import { CHECKPOINT_FILE, CHECKPOINTS_FILE, PART_FOLDER, UNCOVERED_FOLDER } from './export-layout.ts';
import { Frontier } from './frontier.ts';
import type { LogSource, SourceLog } from './log-source.ts';
import { NOTE_SEPARATOR } from './note-list.ts';
import { TileBuilder } from './tile-builder.ts';

export interface ExportOptions {
  /** Told after each bundle how many leaves were written. */
  readonly onProgress?: (leaves: number) => void;
}

/** What was written. */
export interface ExportSummary {
  readonly logs: number;
  readonly leaves: number;
}

/** Files that hold who read about whom are for their owner alone. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/**
 * Writes logs as files, in the layout of C2SP tlog-tiles, without judging them: what is wrong in the source is wrong in
 * the export, for the verifier to find. A log is never held in memory; it takes two files for each 256 leaves. All of it
 * lies in a folder of its own until it is whole, so that nobody takes what is half written for a log that lacks something.
 *
 * @param folder An empty one, or one that is not there yet.
 */
export async function writeExport(
  source: LogSource,
  folder: string,
  { onProgress }: ExportOptions = {},
): Promise<ExportSummary> {
  let leaves = 0;
  const part = join(folder, PART_FOLDER);
  await mkdir(part, { recursive: true, mode: FOLDER_MODE });
  const origins = await source.origins();
  for (const origin of origins) {
    const writer = new LogWriter(source.log(origin), join(part, ...origin.split('/')), (count) => {
      leaves += count;
      onProgress?.(leaves);
    });
    await writer.write();
  }
  for (const name of await readdir(part)) await rename(join(part, name), join(folder, name));
  await rmdir(part);
  return { logs: origins.length, leaves };
}

class LogWriter {
  readonly #log: SourceLog;
  readonly #folder: string;
  readonly #onWritten: (leaves: number) => void;
  readonly #frontier = new Frontier();
  readonly #tiles = new TileBuilder();
  #bundle: (Uint8Array | undefined)[] = [];
  #bundleIndex = 0;

  constructor(log: SourceLog, folder: string, onWritten: (leaves: number) => void) {
    this.#log = log;
    this.#folder = folder;
    this.#onWritten = onWritten;
  }

  async write(): Promise<void> {
    const covered = await this.#writeCheckpoints();
    let part = '';
    for await (const { leaves, hashes } of this.#log.leaves()) {
      for (const [place, hash] of hashes.entries()) {
        if (this.#frontier.size === covered && part === '') {
          await this.#endCovered();
          part = UNCOVERED_FOLDER;
        }
        await this.#take(leaves[place], hash, part);
      }
    }
    if (part === '') await this.#endCovered();
    else await this.#flush(part);
  }

  /** @returns Leaves that the newest checkpoint covers. */
  async #writeCheckpoints(): Promise<number> {
    await mkdir(this.#folder, { recursive: true, mode: FOLDER_MODE });
    let last: string | undefined;
    const log = this.#log;
    async function* notes(): AsyncGenerator<string> {
      for await (const note of log.checkpoints()) {
        yield last === undefined ? note : `${NOTE_SEPARATOR}${note}`;
        last = note;
      }
    }
    const file = createWriteStream(join(this.#folder, CHECKPOINTS_FILE), { flags: 'wx', mode: FILE_MODE });
    await pipeline(notes, file);
    const latest = await log.latest();
    if (latest !== undefined) await this.#file(CHECKPOINT_FILE, Buffer.from(latest));
    return last === undefined ? 0 : sizeOf(last);
  }

  async #take(leaf: Uint8Array | undefined, hash: Hash, part: string): Promise<void> {
    this.#bundle.push(leaf);
    if (part === '') {
      this.#tiles.add(0, hash);
      this.#frontier.append(hash, (height, subtree) => this.#tiles.add(height, subtree));
      if (this.#tiles.hasFull) {
        for (const { level, index, hashes } of this.#tiles.takeFull()) {
          await this.#file(tilePath(level, BigInt(index)), hashes);
        }
      }
    }
    if (this.#bundle.length === TILE_WIDTH) await this.#flush(part);
  }

  /** What is partial at the size of the newest checkpoint, so that tools which ask for it find it. */
  async #endCovered(): Promise<void> {
    await this.#flush('');
    for (const { level, index, width, hashes } of this.#tiles.partial()) {
      await this.#file(tilePath(level, BigInt(index), width), hashes);
    }
    this.#bundleIndex = 0;
  }

  async #flush(part: string): Promise<void> {
    const width = this.#bundle.length;
    if (width === 0) return;
    await this.#file(join(part, entriesPath(BigInt(this.#bundleIndex), width)), encodeEntries(this.#bundle));
    this.#bundle = [];
    this.#bundleIndex++;
    this.#onWritten(width);
  }

  async #file(path: string, content: Uint8Array): Promise<void> {
    const file = join(this.#folder, path);
    await mkdir(dirname(file), { recursive: true, mode: FOLDER_MODE });
    await writeFile(file, content, { flag: 'wx', mode: FILE_MODE });
  }
}

/** 0 for what is no checkpoint: its leaves are exported all the same, as uncovered ones. */
function sizeOf(note: string): number {
  try {
    return Number(readCheckpoint(readNote(note).text).size);
  } catch (cause) {
    if (cause instanceof NoteError) return 0;
    throw cause;
  }
}
