import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CompactTree } from './compact-tree.ts';
import { type Hash, MerkleTree } from './merkle.ts';

const hashes: Hash[] = Array.from({ length: 300 }, () => randomBytes(32));

test('has the head of the whole tree, however it grew', () => {
  const cuts = fc.array(fc.nat(hashes.length), { maxLength: 6 });
  fc.assert(
    fc.property(cuts, fc.nat(hashes.length), (before, size) => {
      const whole = new MerkleTree(hashes);
      let tree = new CompactTree();
      for (const cut of [...before.filter((each) => each <= size).sort((one, other) => one - other), size])
        tree = tree.with(hashes.slice(Number(tree.size), cut));
      expect(tree.size).toBe(BigInt(size));
      expect(Buffer.from(tree.root())).toEqual(Buffer.from(whole.root(size)));
    }),
  );
});

test('stays as it was when another grows from it', () => {
  const tree = new CompactTree().with(hashes.slice(0, 7));
  const root = Buffer.from(tree.root());
  tree.with(hashes.slice(7, 40));
  expect([tree.size, Buffer.from(tree.root())]).toEqual([7n, root]);
});
