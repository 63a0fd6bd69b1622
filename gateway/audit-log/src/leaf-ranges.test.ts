import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  countLeaves,
  joinRanges,
  type LeafRange,
  nameLeaves,
  readLeafRanges,
  withoutRanges,
} from './leaf-ranges.ts';

const leaves = fc.uniqueArray(fc.nat({ max: 60 }), { maxLength: 40 });
const rangesOf = (indexes: readonly number[]) => joinRanges(indexes.map((index) => [index, index] as const));
const indexesOf = (ranges: readonly LeafRange[]) =>
  ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, n) => first + n));
const ascending = (indexes: readonly number[]) => indexes.toSorted((one, other) => one - other);

describe('nameLeaves', () => {
  test('names neighbours by the first and the last of them, whatever their order was', () => {
    expect(nameLeaves([9n, 3n, 6n, 5n, 7n, 8n], 100)).toEqual([{ indexes: '3,5-9', count: 6 }]);
    expect(nameLeaves([], 100)).toEqual([]);
  });

  test('names all of them and no other, in texts that are no longer than they may be', () => {
    fc.assert(
      fc.property(leaves, fc.integer({ min: 5, max: 30 }), (indexes, most) => {
        const named = nameLeaves(indexes.map(BigInt), most);
        const read = named.map((text) => readLeafRanges(text.indexes) ?? []);
        expect(read.flatMap(indexesOf)).toEqual(ascending(indexes));
        expect(read.map(countLeaves)).toEqual(named.map(({ count }) => count));
        expect(named.every((text) => text.indexes.length <= most)).toBe(true);
      }),
    );
  });
});

test.each([
  '',
  ',',
  '1,',
  '2,1',
  '1,1',
  '1,2',
  '1-3,4',
  '3-1',
  '1-',
  '-1',
  '01x',
  '1 ,3',
  '1234567890123456',
])('readLeafRanges reads no %j', (text) => {
  expect(readLeafRanges(text)).toBeUndefined();
});

test('withoutRanges leaves what only the first have', () => {
  fc.assert(
    fc.property(leaves, leaves, (these, those) => {
      const expected = ascending(these.filter((index) => !those.includes(index)));
      expect(indexesOf(withoutRanges(rangesOf(these), rangesOf(those)))).toEqual(expected);
    }),
  );
});
