import type { Hash } from '@contactpoint/audit-log/merkle';
import { TILE_WIDTH } from '@contactpoint/audit-log/tile-path';

const HASH_BYTES = 32;

/** Heights of the tree within one tile. */
const TILE_HEIGHT = 8;

export interface Tile {
  readonly level: number;
  readonly index: number;
  /** Hashes in it. */
  readonly width: number;
  /** One after the other; good until the next hash is added. */
  readonly hashes: Uint8Array;
}

interface Level {
  readonly hashes: Uint8Array;
  width: number;
  index: number;
}

/** Makes tiles from the hashes of complete subtrees as they come, keeping the right edge alone. */
export class TileBuilder {
  readonly #levels: Level[] = [];
  #hasFull = false;

  /** Whether `takeFull` would return something; to be asked before the next leaf. */
  get hasFull(): boolean {
    return this.#hasFull;
  }

  /** @param height Of the subtree that has become complete; 0 for a leaf. */
  add(height: number, hash: Hash): void {
    if (height % TILE_HEIGHT !== 0) return;
    const level = this.#level(height / TILE_HEIGHT);
    if (level.width === TILE_WIDTH) {
      level.width = 0;
      level.index++;
    }
    level.hashes.set(hash, level.width * HASH_BYTES);
    level.width++;
    if (level.width === TILE_WIDTH) this.#hasFull = true;
  }

  /** Tiles that have become full since it was last asked, lowest level first. */
  takeFull(): readonly Tile[] {
    this.#hasFull = false;
    const full: Tile[] = [];
    for (const [number, level] of this.#levels.entries()) {
      if (level.width < TILE_WIDTH) break;
      full.push(tileOf(number, level));
    }
    return full;
  }

  /** Those that are not full. */
  partial(): readonly Tile[] {
    return [...this.#levels.entries()]
      .filter(([, { width }]) => width < TILE_WIDTH)
      .map(([number, level]) => tileOf(number, level));
  }

  #level(number: number): Level {
    const known = this.#levels[number];
    if (known !== undefined) return known;
    const level = { hashes: new Uint8Array(TILE_WIDTH * HASH_BYTES), width: 0, index: 0 };
    this.#levels[number] = level;
    return level;
  }
}

function tileOf(level: number, { hashes, width, index }: Level): Tile {
  return { level, index, width, hashes: hashes.subarray(0, width * HASH_BYTES) };
}
