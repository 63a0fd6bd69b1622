import { EMPTY_ROOT, type Hash, nodeHash } from '@contactpoint/audit-log/merkle';
import { TILE_WIDTH } from '@contactpoint/audit-log/tile-path';
import { foldHashes, type TileSource } from '@contactpoint/audit-log/tiled-tree';

/** A tile that will never change again. */
export interface FullTile {
  readonly level: number;
  readonly index: bigint;
  /** 256 hashes, 8,192 bytes. */
  readonly hashes: Uint8Array;
}

export const HASH_BYTES = 32;

/**
 * The growing edge of a Merkle tree: the partial tile of each level. It is all that later leaves, and the roots above
 * them, depend on; a log of a hundred million leaves takes some 30 kB.
 *
 * @see https://c2sp.org/tlog-tiles
 */
export class RightEdge {
  /** By level. */
  readonly #tiles: PartialTile[];
  #size: bigint;

  private constructor(size: bigint, tiles: PartialTile[]) {
    this.#size = size;
    this.#tiles = tiles;
  }

  static empty(): RightEdge {
    return new RightEdge(0n, []);
  }

  /** Reads the edge of a tree as it was at `size`. @throws MissingTileError where the source does not hold it. */
  static async read(source: TileSource, size: bigint): Promise<RightEdge> {
    const tiles: PartialTile[] = [];
    for (let level = 0, nodes = size; nodes > 0n; level++, nodes /= WIDTH) {
      const width = Number(nodes % WIDTH);
      tiles.push(new PartialTile(width === 0 ? [] : await source.tile(level, nodes / WIDTH, width)));
    }
    return new RightEdge(size, tiles);
  }

  get size(): bigint {
    return this.#size;
  }

  /** A copy that grows by itself. */
  clone(): RightEdge {
    return new RightEdge(
      this.#size,
      this.#tiles.map((tile) => new PartialTile(tile.hashes)),
    );
  }

  /** @returns Tiles that this leaf has made full, lowest level first. */
  append(leafHash: Hash): readonly FullTile[] {
    this.#size += 1n;
    const full: FullTile[] = [];
    let hash = leafHash;
    for (let level = 0, nodes = this.#size; ; level++) {
      const tile = this.#tiles[level] ?? new PartialTile([]);
      tile.push(hash);
      this.#tiles[level] = tile;
      if (tile.width < TILE_WIDTH) return full;
      nodes /= WIDTH;
      full.push({ level, index: nodes - 1n, hashes: tile.hashes });
      hash = foldHashes(tile.hashes);
      this.#tiles[level] = new PartialTile([]);
    }
  }

  /** Root of the whole tree, RFC 6962. */
  root(): Hash {
    let root: Hash | undefined;
    for (const tile of this.#tiles) {
      for (const subtree of tile.completeSubtrees().reverse()) {
        root = root === undefined ? subtree : nodeHash(subtree, root);
      }
    }
    return root ?? EMPTY_ROOT;
  }
}

const WIDTH = BigInt(TILE_WIDTH);

class PartialTile {
  readonly #bytes = new Uint8Array(TILE_WIDTH * HASH_BYTES);
  width: number;

  /** @param hashes One after the other. */
  constructor(hashes: ArrayLike<number>) {
    this.#bytes.set(hashes);
    this.width = hashes.length / HASH_BYTES;
  }

  get hashes(): Uint8Array {
    return this.#bytes.subarray(0, this.width * HASH_BYTES);
  }

  push(hash: Hash): void {
    this.#bytes.set(hash, this.width * HASH_BYTES);
    this.width++;
  }

  /** Roots of the complete trees that it falls into, leftmost and largest first: 5 hashes are 4 and 1. */
  completeSubtrees(): Hash[] {
    const roots: Hash[] = [];
    let start = 0;
    for (let count = TILE_WIDTH / 2; count >= 1; count /= 2) {
      if (this.width - start < count) continue;
      roots.push(foldHashes(this.#bytes.subarray(start * HASH_BYTES, (start + count) * HASH_BYTES)));
      start += count;
    }
    return roots;
  }
}
