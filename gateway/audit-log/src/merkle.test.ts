import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  EMPTY_ROOT,
  type Hash,
  leafHash,
  MerkleTree,
  nodeHash,
  verifyConsistency,
  verifyInclusion,
  writeLeafHash,
} from './merkle.ts';

/** Leaves and heads of Certificate Transparency's reference tests. */
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const HEADS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const hashes = (count: number): Hash[] =>
  Array.from({ length: count }, (_, index) => leafHash(Buffer.from(String(index))));
const hexOf = (hash: Hash) => Buffer.from(hash).toString('hex');

/** RFC 6962 §2.1 to the letter. */
function definition(leaves: readonly Hash[]): Hash {
  const [only] = leaves;
  if (only === undefined) return EMPTY_ROOT;
  if (leaves.length === 1) return only;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(definition(leaves.slice(0, split)), definition(leaves.slice(split)));
}

const sizes = fc.integer({ min: 1, max: 130 });

describe('MerkleTree', () => {
  test.each(HEADS.map((head, size) => [size, head]))('head of %i reference leaves', (size, head) => {
    const tree = new MerkleTree(LEAVES.map((leaf) => leafHash(Buffer.from(leaf, 'hex'))));
    expect(hexOf(tree.root(Number(size)))).toBe(head);
  });

  test('every head is the one that the definition gives, at every size it ever had', () => {
    const all = hashes(70);
    const tree = new MerkleTree(all);
    for (let size = 0; size <= all.length; size++) {
      expect(hexOf(tree.root(size))).toBe(hexOf(definition(all.slice(0, size))));
    }
  });

  test('a leaf is proven where it stands and nowhere else', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), fc.nat(), (size, any, other) => {
        const all = hashes(size);
        const index = any % size;
        const path = new MerkleTree(hashes(size + 5)).inclusionProof(index, size);
        const claim = { index, size, leafHash: all[index] as Hash, root: definition(all) };
        expect(verifyInclusion(claim, path)).toBe(true);
        expect(verifyInclusion({ ...claim, leafHash: leafHash(Buffer.from('forged')) }, path)).toBe(false);
        expect(verifyInclusion({ ...claim, index: size + other }, path)).toBe(false);
        if (other % size !== index) {
          expect(verifyInclusion({ ...claim, index: other % size }, path)).toBe(false);
        }
        expect(verifyInclusion(claim, [...path, EMPTY_ROOT])).toBe(false);
        if (path.length > 0) expect(verifyInclusion(claim, path.slice(1))).toBe(false);
      }),
    );
  });

  test('a larger tree is proven to extend a smaller one, a rewritten one is not', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), (to, any) => {
        const all = hashes(to);
        const from = any % (to + 1);
        const path = new MerkleTree(all).consistencyProof(from);
        const claim = { from, to, fromRoot: definition(all.slice(0, from)), toRoot: definition(all) };
        expect(verifyConsistency(claim, path)).toBe(true);
        expect(verifyConsistency(claim, [...path, EMPTY_ROOT])).toBe(false);
        if (from > 0) {
          const rewritten = [leafHash(Buffer.from('forged')), ...all.slice(1)];
          const forged = { ...claim, toRoot: definition(rewritten) };
          expect(verifyConsistency(forged, new MerkleTree(rewritten).consistencyProof(from))).toBe(false);
        }
      }),
    );
  });

  test.each([
    ['a head of the future', (tree: MerkleTree) => tree.root(4)],
    ['a leaf that is not there', (tree: MerkleTree) => tree.inclusionProof(3)],
    ['a beginning larger than the whole', (tree: MerkleTree) => tree.consistencyProof(3, 2)],
  ])('refuses %s', (_case, ask) => {
    expect(() => ask(new MerkleTree(hashes(3)))).toThrow(RangeError);
  });
});

test('a leaf of any length has its hash, whatever was hashed before it', () => {
  const into = Buffer.alloc(96, 1);
  for (const length of [100_000, 65_536, 65_535, 65_534, 1_400, 1, 0, 65_536, 3]) {
    const leaf = Buffer.alloc(length, 'leaf');
    const hash = createHash('sha256').update('\0').update(leaf).digest();
    expect(Buffer.from(leafHash(leaf))).toEqual(hash);
    writeLeafHash(leaf, into, 32);
    expect(into).toEqual(Buffer.concat([Buffer.alloc(32, 1), hash, Buffer.alloc(32, 1)]));
  }
});
