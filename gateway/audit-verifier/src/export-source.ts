import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { leafHash } from '@contactpoint/audit-log/merkle';
import { entriesPath, TILE_WIDTH, tilePath } from '@contactpoint/audit-log/tile-path';
import { decodeEntries } from './entry-bundle.ts';
import { findSurplus, readContent } from './export-folder.ts';
import { CHECKPOINT_FILE, CHECKPOINTS_FILE, UNCOVERED_FOLDER } from './export-layout.ts';
import { LogFault } from './fault.ts';
import type { LeafBatch, LogSource, SourceLog } from './log-source.ts';
import { splitNotes } from './note-list.ts';

const HASH_BYTES = 32;

/**
 * An exported log: a folder for each log, named by its origin, laid out as C2SP tlog-tiles has it.
 *
 * @see docs/admins/verify-the-log.md
 */
export function openExport(folder: string): LogSource {
  return {
    origins: async () => (await readContent(folder)).logs,
    log: (origin) => new ExportedLog(join(folder, ...origin.split('/')), origin),
    strays: async () => (await readContent(folder)).strays,
  };
}

class ExportedLog implements SourceLog {
  readonly origin: string;
  readonly #folder: string;

  constructor(folder: string, origin: string) {
    this.#folder = folder;
    this.origin = origin;
  }

  async *checkpoints(): AsyncGenerator<string> {
    const file = createReadStream(join(this.#folder, CHECKPOINTS_FILE), { encoding: 'utf8' });
    try {
      yield* splitNotes(file);
    } catch (cause) {
      // Without checkpoints nothing was ever signed, as in a log that ended within its first second.
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    }
  }

  async latest(): Promise<string | undefined> {
    const file = await this.#read(CHECKPOINT_FILE);
    return file && new TextDecoder().decode(file);
  }

  async *leaves(): AsyncGenerator<LeafBatch> {
    let first = 0;
    for await (const { index, width, bundle } of this.#bundles('')) {
      const tile = await this.tile(0, index, width);
      const entries = this.#decode(bundle, first);
      const leaves = entries.slice(0, width);
      yield { first, leaves, hashes: leaves.map((_leaf, place) => hashAt(tile, place)) };
      this.#requireWidth(entries.length, width, first);
      first += width;
    }
    for await (const { width, bundle } of this.#bundles(UNCOVERED_FOLDER)) {
      const leaves = this.#decode(bundle, first);
      yield { first, leaves, hashes: leaves.map((leaf) => leafHash(leaf ?? new Uint8Array())) };
      this.#requireWidth(leaves.length, width, first);
      first += width;
    }
  }

  surplus(covered: number, uncovered: number): AsyncGenerator<string> {
    return findSurplus(this.#folder, covered, uncovered);
  }

  async tile(level: number, index: number, width: number): Promise<Uint8Array> {
    const tile = await this.#read(tilePath(level, BigInt(index), width));
    if (tile?.byteLength === width * HASH_BYTES) return tile;
    const what = tile === undefined ? 'is not there' : 'has not its length';
    const position = index * TILE_WIDTH ** (level + 1);
    throw new LogFault({
      code: 'TILE',
      origin: this.origin,
      index: position,
      message: `tile ${index} of level ${level} ${what}`,
    });
  }

  /** Entry bundles in order up to the first that is partial, or not there. */
  async *#bundles(folder: string): AsyncGenerator<StoredBundle> {
    for (let index = 0; ; index++) {
      const path = join(folder, entriesPath(BigInt(index)));
      const bundle = await this.#read(path);
      if (bundle === undefined) {
        yield* this.#partialBundle(`${path}.p`, index);
        return;
      }
      yield { index, width: TILE_WIDTH, bundle };
    }
  }

  /** The widest one of a folder: a narrower one is surplus. */
  async *#partialBundle(folder: string, index: number): AsyncGenerator<StoredBundle> {
    const names = await orAbsent(readdir(join(this.#folder, folder)));
    const widths = (names ?? []).filter((name) => /^\d{1,3}$/.test(name)).map(Number);
    if (widths.length === 0) return;
    const width = Math.max(...widths);
    const bundle = await this.#read(join(folder, String(width)));
    if (bundle !== undefined) yield { index, width, bundle };
  }

  #decode(bundle: Uint8Array, first: number): (Uint8Array | undefined)[] {
    const leaves = decodeEntries(bundle);
    if (leaves !== undefined) return leaves;
    const message = `the entries from ${first} on are not entries`;
    throw new LogFault({ code: 'UNREADABLE', origin: this.origin, index: first, message });
  }

  /** @throws LogFault where a bundle holds less than its name says, or more. */
  #requireWidth(entries: number, width: number, first: number): void {
    if (entries === width) return;
    const index = first + Math.min(entries, width);
    const fault =
      entries < width
        ? { code: 'INDEX' as const, message: `leaf ${index} is not there` }
        : {
            code: 'SURPLUS' as const,
            message: `${width} entries should follow from ${first} on, and ${entries} do`,
          };
    throw new LogFault({ ...fault, origin: this.origin, index });
  }

  #read(path: string): Promise<Uint8Array | undefined> {
    return orAbsent(readFile(join(this.#folder, path)));
  }
}

interface StoredBundle {
  readonly index: number;
  /** Entries that it holds, by its name. */
  readonly width: number;
  readonly bundle: Uint8Array;
}

function hashAt(tile: Uint8Array, place: number): Uint8Array {
  return tile.subarray(place * HASH_BYTES, (place + 1) * HASH_BYTES);
}

/** @returns undefined where there is no such file. */
async function orAbsent<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
}
