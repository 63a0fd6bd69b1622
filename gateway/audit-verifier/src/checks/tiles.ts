import type { Hash } from '@contactpoint/audit-log/merkle';
import { TILE_WIDTH } from '@contactpoint/audit-log/tile-path';
import { LogFault } from '../fault.ts';
import type { Findings } from '../findings.ts';
import type { SourceLog } from '../log-source.ts';
import { type Tile, TileBuilder } from '../tile-builder.ts';

const HASH_BYTES = 32;

/** Makes the tiles anew, from the leaves up, and compares those that are kept. */
export class Tiles {
  readonly #log: SourceLog;
  readonly #findings: Findings;
  readonly #builder = new TileBuilder();
  /** Tiles that were kept and compared. */
  count = 0;

  constructor(log: SourceLog, findings: Findings) {
    this.#log = log;
    this.#findings = findings;
  }

  /** Whether `compareFull` has something to do. */
  get hasFull(): boolean {
    return this.#builder.hasFull;
  }

  /** @param height Of the subtree that has become complete; 0 for a leaf. */
  add(height: number, hash: Hash): void {
    this.#builder.add(height, hash);
  }

  async compareFull(): Promise<void> {
    for (const tile of this.#builder.takeFull()) await this.#compare(tile);
  }

  /** Those at the right edge, as they have to be at the size of the newest checkpoint. */
  async comparePartial(): Promise<void> {
    for (const tile of this.#builder.partial()) await this.#compare(tile);
  }

  async #compare({ level, index, width, hashes }: Tile): Promise<void> {
    const kept = await this.#read(level, index, width);
    if (kept === undefined) return;
    this.count++;
    if (Buffer.compare(kept, hashes) === 0) return;
    const byte = hashes.findIndex((value, place) => kept[place] !== value);
    // Where none differs, what is kept goes on after the last.
    const place = byte === -1 ? width : Math.floor(byte / HASH_BYTES);
    const position = index * TILE_WIDTH + place;
    this.#findings.add({
      code: 'TILE',
      origin: this.#log.origin,
      index: position * TILE_WIDTH ** level,
      message: `tile ${index} of level ${level} is not made of the leaves`,
    });
  }

  async #read(level: number, index: number, width: number): Promise<Uint8Array | undefined> {
    try {
      return await this.#log.tile(level, index, width);
    } catch (cause) {
      if (!(cause instanceof LogFault)) throw cause;
      this.#findings.add(cause.fault);
      return undefined;
    }
  }
}
