import { EMPTY_ROOT, type Hash, nodeHash } from './merkle.ts';
import { TILE_WIDTH } from './tile-path.ts';

/** Where tiles are kept. */
export interface TileSource {
  /**
   * The first `width` hashes of a tile, one after the other, 32 bytes each.
   *
   * @throws MissingTileError when it does not hold them.
   */
  tile(level: number, index: bigint, width: number): Promise<Uint8Array>;
}

/** The log does not hold what its size promises. */
export class MissingTileError extends Error {
  override readonly name = 'MissingTileError';
}

const HASH_BYTES = 32;
/** Heights of the tree within one tile: 2^8 hashes. */
const TILE_HEIGHT = 8;

/**
 * Root hash of the tree as it was at `size`, like all others from a number of tiles that is logarithmic in it.
 *
 * @throws MissingTileError, as do all others.
 */
export async function treeRoot(source: TileSource, size: bigint): Promise<Hash> {
  if (size < 0n) throw new RangeError(`no tree has ${size} leaves`);
  return size === 0n ? EMPTY_ROOT : await new TiledTree(source, size).hashOf(0n, size);
}

/** Audit path of one leaf in the tree of `size` leaves, lowest sibling first. */
export async function inclusionPath(source: TileSource, index: bigint, size: bigint): Promise<Hash[]> {
  if (index < 0n || index >= size) throw new RangeError(`leaf ${index} is not in a tree of ${size}`);
  const tree = new TiledTree(source, size);
  const path: Promise<Hash>[] = [];
  let [start, end] = [0n, size];
  while (end - start > 1n) {
    const middle = start + splitPoint(end - start);
    if (index < middle) {
      path.push(tree.hashOf(middle, end));
      end = middle;
    } else {
      path.push(tree.hashOf(start, middle));
      start = middle;
    }
  }
  return (await Promise.all(path)).reverse();
}

/** Proves that the tree of `from` leaves is the beginning of the one of `to`. */
export async function consistencyPath(source: TileSource, from: bigint, to: bigint): Promise<Hash[]> {
  if (from < 0n || from > to) throw new RangeError(`a tree of ${from} is no beginning of one of ${to}`);
  if (from === 0n || from === to) return [];
  const tree = new TiledTree(source, to);
  const path: Promise<Hash>[] = [];
  let [start, end] = [0n, to];
  while (from !== end) {
    const middle = start + splitPoint(end - start);
    if (from <= middle) {
      path.push(tree.hashOf(middle, end));
      end = middle;
    } else {
      path.push(tree.hashOf(start, middle));
      start = middle;
    }
  }
  // The old tree is a subtree of the new one: whoever verifies has its root already.
  if (start > 0n) path.push(tree.hashOf(start, end));
  return (await Promise.all(path)).reverse();
}

/** Root of a complete subtree, whose leaves (or complete subtrees of one height) these hashes are. */
export function foldHashes(hashes: Uint8Array): Hash {
  let row: Hash[] = [];
  for (let at = 0; at < hashes.length; at += HASH_BYTES) row.push(hashes.subarray(at, at + HASH_BYTES));
  while (row.length > 1) {
    const above: Hash[] = [];
    for (let at = 0; at + 1 < row.length; at += 2) {
      const [left, right] = row.slice(at, at + 2) as [Hash, Hash];
      above.push(nodeHash(left, right));
    }
    row = above;
  }
  return row[0] ?? EMPTY_ROOT;
}

/** The tree of one size, with each tile asked for once. */
class TiledTree {
  readonly #source: TileSource;
  readonly #size: bigint;
  readonly #tiles = new Map<string, Promise<Uint8Array>>();

  constructor(source: TileSource, size: bigint) {
    this.#source = source;
    this.#size = size;
  }

  /** Of the leaves from `start` to before `end`, which a split at `splitPoint` leads to. */
  async hashOf(start: bigint, end: bigint): Promise<Hash> {
    const split = splitPoint(end - start);
    if (split * 2n === end - start || end - start === 1n)
      return await this.#completeSubtree(start, end - start);
    const middle = start + split;
    const [left, right] = await Promise.all([this.hashOf(start, middle), this.hashOf(middle, end)]);
    return nodeHash(left, right);
  }

  async #completeSubtree(start: bigint, leaves: bigint): Promise<Hash> {
    const height = leaves.toString(2).length - 1;
    const level = Math.floor(height / TILE_HEIGHT);
    const count = 2 ** (height % TILE_HEIGHT);
    const first = start >> BigInt(level * TILE_HEIGHT);
    const tile = await this.#tile(level, first / BigInt(TILE_WIDTH));
    const offset = Number(first % BigInt(TILE_WIDTH)) * HASH_BYTES;
    return foldHashes(tile.subarray(offset, offset + count * HASH_BYTES));
  }

  #tile(level: number, index: bigint): Promise<Uint8Array> {
    const key = `${level}/${index}`;
    const known = this.#tiles.get(key);
    if (known !== undefined) return known;
    const tile = this.#readTile(level, index);
    this.#tiles.set(key, tile);
    return tile;
  }

  async #readTile(level: number, index: bigint): Promise<Uint8Array> {
    const left = (this.#size >> BigInt(level * TILE_HEIGHT)) - index * BigInt(TILE_WIDTH);
    const width = left < BigInt(TILE_WIDTH) ? Number(left) : TILE_WIDTH;
    const tile = await this.#source.tile(level, index, width);
    if (tile.byteLength !== width * HASH_BYTES)
      throw new MissingTileError(`Tile ${index} of level ${level} does not have ${width} hashes`);
    return tile;
  }
}

/** Largest power of two below the size, where RFC 6962 splits a tree; 1 for a size of 1. */
function splitPoint(size: bigint): bigint {
  return size <= 2n ? 1n : 1n << BigInt((size - 1n).toString(2).length - 1);
}
