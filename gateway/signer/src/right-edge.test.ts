import { leafHash, MerkleTree } from '@contactpoint/audit-log/merkle';
import { TILE_WIDTH } from '@contactpoint/audit-log/tile-path';
import { foldHashes, type TileSource, treeRoot } from '@contactpoint/audit-log/tiled-tree';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FullTile, RightEdge } from './right-edge.ts';

/** Enough for two tiles of level 1: 131,072 leaves and some. */
const MANY = 2 * TILE_WIDTH ** 2 + TILE_WIDTH * 3 + 17;

const hashes = Array.from({ length: MANY }, (_, index) => leafHash(Buffer.from(String(index))));

/** By level, every node of the whole tree that stands in a tile. */
const nodes = [hashes];
for (let below = hashes; below.length >= TILE_WIDTH; ) {
  const roots = Array.from({ length: Math.floor(below.length / TILE_WIDTH) }, (_, tile) =>
    foldHashes(Buffer.concat(below.slice(tile * TILE_WIDTH, (tile + 1) * TILE_WIDTH))),
  );
  nodes.push(roots);
  below = roots;
}

const tiles: TileSource = {
  async tile(level, index, width) {
    const first = Number(index) * TILE_WIDTH;
    return Buffer.concat(nodes[level]?.slice(first, first + width) ?? []);
  },
};

function grown(edge: RightEdge, to: number): FullTile[] {
  const full: FullTile[] = [];
  for (let index = Number(edge.size); index < to; index++)
    full.push(...edge.append(hashes[index] as Uint8Array));
  return full;
}

describe('RightEdge', () => {
  test('has at every size the root that the whole tree has', () => {
    const tree = new MerkleTree(hashes.slice(0, 1_000));
    const edge = RightEdge.empty();
    for (let size = 0; size < 1_000; size++) {
      expect(Buffer.from(edge.root()).equals(tree.root(size)), `root of ${size} leaves`).toBe(true);
      edge.append(hashes[size] as Uint8Array);
    }
  });

  test('read back at any size goes on as if it had never been away, and gives the same tiles', async () => {
    const sizes = fc.oneof(
      fc.integer({ min: 0, max: MANY }),
      fc.constantFrom(0, 1, TILE_WIDTH - 1, TILE_WIDTH, TILE_WIDTH ** 2 - 1, TILE_WIDTH ** 2, MANY),
    );
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 0, max: 600 }), async (from, more) => {
        const to = Math.min(from + more, MANY);
        const edge = await RightEdge.read(tiles, BigInt(from));
        expect(edge.size).toBe(BigInt(from));
        const full = grown(edge, to);
        expect(Buffer.from(edge.root())).toEqual(Buffer.from(await treeRoot(tiles, BigInt(to))));
        for (const { level, index, hashes: bytes } of full) {
          expect(Buffer.from(bytes)).toEqual(Buffer.from(await tiles.tile(level, index, TILE_WIDTH)));
        }
      }),
      { numRuns: 25 },
    );
  });

  test('gives each tile once, when its last hash is there', () => {
    const edge = RightEdge.empty();
    const full = grown(edge, MANY);
    const named = full.map(({ level, index }) => `${level}/${index}`);
    expect(new Set(named).size).toBe(named.length);
    expect(full.filter(({ level }) => level === 0)).toHaveLength(Math.floor(MANY / TILE_WIDTH));
    expect(full.filter(({ level }) => level === 1)).toHaveLength(Math.floor(MANY / TILE_WIDTH ** 2));
  });

  test('a copy grows by itself', () => {
    const edge = RightEdge.empty();
    grown(edge, 300);
    const before = edge.root();
    grown(edge.clone(), 900);
    expect(edge.size).toBe(300n);
    expect(edge.root()).toEqual(before);
  });
});
