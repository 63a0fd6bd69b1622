import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Hash, leafHash, MerkleTree, verifyConsistency, verifyInclusion } from './merkle.ts';
import { TILE_WIDTH } from './tile-path.ts';
import {
  consistencyPath,
  foldHashes,
  inclusionPath,
  MissingTileError,
  type TileSource,
  treeRoot,
} from './tiled-tree.ts';

const LARGEST = 70_000;
const hashes: Hash[] = [];
const tree = new MerkleTree();

beforeAll(() => {
  for (let index = 0; index < LARGEST; index++) {
    const hash = leafHash(Buffer.from(String(index)));
    hashes.push(hash);
    tree.append(hash);
  }
});

/** Tiles as the specification defines them, and the count of those that were asked for. */
function tiles(size: number): TileSource & { readonly asked: string[] } {
  const asked: string[] = [];
  const hashAt = (level: number, place: number): Hash => {
    const span = TILE_WIDTH ** level;
    return level === 0
      ? (hashes[place] as Hash)
      : foldHashes(Buffer.concat(hashes.slice(place * span, (place + 1) * span)));
  };
  return {
    asked,
    async tile(level, index, width) {
      asked.push(`${level}/${index}`);
      const last = Number(index) * TILE_WIDTH + width;
      if (last > Math.floor(size / TILE_WIDTH ** level)) throw new MissingTileError('not yet');
      return Buffer.concat(Array.from({ length: width }, (_, place) => hashAt(level, last - width + place)));
    },
  };
}

const sizes = fc.oneof(
  fc.integer({ min: 1, max: 600 }),
  fc.constantFrom(1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, LARGEST),
  fc.integer({ min: 1, max: LARGEST }),
);

describe('a tree in tiles', () => {
  test('has the root of the tree in memory at every size', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, async (size) => {
        expect(Buffer.compare(await treeRoot(tiles(size), BigInt(size)), tree.root(size))).toBe(0);
      }),
      { numRuns: 60 },
    );
    expect(Buffer.compare(await treeRoot(tiles(0), 0n), tree.root(0))).toBe(0);
  });

  test('proves each leaf as the tree in memory does', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), async (size, seed) => {
        const index = seed % size;
        const path = await inclusionPath(tiles(size), BigInt(index), BigInt(size));
        expect(path.map((hash) => Buffer.from(hash))).toEqual(
          tree.inclusionProof(index, size).map((hash) => Buffer.from(hash)),
        );
        const claim = { index, size, leafHash: hashes[index] as Hash, root: tree.root(size) };
        expect(verifyInclusion(claim, path)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('proves that it only grew, as the tree in memory does', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, sizes, async (one, other) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)];
        const path = await consistencyPath(tiles(to), BigInt(from), BigInt(to));
        expect(path.map((hash) => Buffer.from(hash))).toEqual(
          tree.consistencyProof(from, to).map((hash) => Buffer.from(hash)),
        );
        expect(verifyConsistency({ from, fromRoot: tree.root(from), to, toRoot: tree.root(to) }, path)).toBe(
          true,
        );
      }),
      { numRuns: 60 },
    );
  });

  test('asks for few tiles, and for each once', async () => {
    const source = tiles(LARGEST);
    await inclusionPath(source, 12_345n, BigInt(LARGEST));
    expect(source.asked.length).toBeLessThanOrEqual(6);
    expect(new Set(source.asked).size).toBe(source.asked.length);
  });

  test('that lacks a hash gives no proof', async () => {
    await expect(treeRoot(tiles(300), 301n)).rejects.toThrow(MissingTileError);
    const short: TileSource = { tile: async () => Buffer.alloc(32) };
    await expect(treeRoot(short, 2n)).rejects.toThrow(MissingTileError);
  });

  test.each([
    ['a leaf beyond the end', () => inclusionPath(tiles(3), 3n, 3n)],
    ['a leaf before the beginning', () => inclusionPath(tiles(3), -1n, 3n)],
    ['a tree that shrank', () => consistencyPath(tiles(3), 3n, 2n)],
    ['a negative size', () => treeRoot(tiles(3), -1n)],
  ])('refuses %s', async (_case, ask) => {
    await expect(ask()).rejects.toThrow(RangeError);
  });
});
