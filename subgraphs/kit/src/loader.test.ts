import { expect, test } from 'vitest';
import { loadInOrder, loadOneInOrder, orNull } from './loader.ts';

const rows = [
  { child: 'B', n: 1 },
  { child: 'A', n: 2 },
  { child: 'B', n: 3 },
];

test('rows stand in the order of the keys, empty where there are none', () => {
  const found = loadInOrder(['A', 'C', 'B', 'A'], rows, ({ child }) => child);
  expect(found.map((each) => each.map(({ n }) => n))).toEqual([[2], [], [1, 3], [2]]);
  expect(found[0]).not.toBe(found[3]);
  expect(loadOneInOrder(['C', 'B'], rows, ({ child }) => child)).toEqual([null, { child: 'B', n: 1 }]);
});

test('an empty list is null', () => {
  expect(orNull([])).toBeNull();
  expect(orNull([0])).toEqual([0]);
});
