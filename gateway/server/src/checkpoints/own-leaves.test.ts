import { leafHash, MerkleTree } from '@contactpoint/audit-log/merkle';
import { expect, test } from 'vitest';
import { OwnLeaves } from './own-leaves.ts';

const leaf = (text: string) => Buffer.from(text);
const over = (...texts: readonly string[]) => ({
  size: BigInt(texts.length),
  root: new MerkleTree(texts.map((text) => leafHash(leaf(text)))).root(),
});

function sent(...texts: readonly string[]): OwnLeaves {
  const own = new OwnLeaves();
  own.sent(0n, texts.map(leaf));
  return own;
}

test('a checkpoint over what was sent covers it, also the next one, and one of before', () => {
  const own = sent('boot', 'a', 'b');
  expect([own.agrees(over('boot', 'a')), own.covered]).toEqual([true, 2n]);
  own.sent(3n, [leaf('c')]);
  expect([own.agrees(over('boot', 'a', 'b', 'c')), own.covered]).toEqual([true, 4n]);
  expect([own.agrees(over('boot')), own.covered]).toEqual([true, 4n]);
});

test.each([
  ['a leaf that was changed', over('boot', 'x', 'b')],
  ['leaves in another order', over('boot', 'b', 'a')],
  ['a leaf that was never sent', over('boot', 'a', 'b', 'planted')],
  ['another boot', over('other')],
])('a checkpoint over %s contradicts, and covers nothing', (_case, checkpoint) => {
  const own = sent('boot', 'a', 'b');
  expect([own.agrees(checkpoint), own.covered]).toEqual([false, 0n]);
});

test('what may not have been kept is replaced by what was sent in its place', () => {
  const kept = sent('boot', 'in doubt');
  kept.sent(2n, [leaf('again')]);
  expect(kept.agrees(over('boot', 'in doubt', 'again'))).toBe(true);
  const lost = sent('boot', 'in doubt', 'in doubt as well');
  lost.sent(1n, [leaf('again')]);
  expect(lost.agrees(over('boot', 'again'))).toBe(true);
});

test('a leaf behind a gap, or under a checkpoint, is a mistake', () => {
  const own = sent('boot', 'a');
  own.agrees(over('boot', 'a'));
  expect(() => own.sent(1n, [leaf('a')])).toThrow(RangeError);
  expect(() => own.sent(3n, [leaf('c')])).toThrow(RangeError);
});

test('however many are sent, and however often some are covered, the head is that of all of them', () => {
  const own = new OwnLeaves();
  const tree = new MerkleTree();
  for (let batch = 0; batch < 60; batch++) {
    const leaves = Array.from({ length: 1 + ((batch * 37) % 101) }, (_, place) => leaf(`${batch}/${place}`));
    own.sent(BigInt(tree.size), leaves);
    for (const each of leaves) tree.append(leafHash(each));
    if (batch % 7 !== 0) continue;
    const size = tree.size - (batch % 3);
    expect(own.agrees({ size: BigInt(size + 1), root: tree.root(size) })).toBe(false);
    expect(own.agrees({ size: BigInt(size), root: tree.root(size) })).toBe(true);
  }
  expect(own.agrees({ size: BigInt(tree.size), root: tree.root() })).toBe(true);
  expect(own.covered).toBe(BigInt(tree.size));
});
