import { describe, expect, test } from 'vitest';
import { lastFinishedDay } from './finished-days.ts';
import { type Counted, isLargeEnough, publishable } from './publishable.ts';

describe('isLargeEnough', () => {
  test.each([
    ['five accesses to five children', 5, 5, true],
    ['four accesses', 4, 5, false],
    ['many accesses to four children', 400, 4, false],
    ['one access that showed a whole caseload', 1, 40, false],
    ['refusals at the door, which touched nobody', 5, 0, true],
    ['few of them', 4, 0, false],
  ])('%s', (_case, accesses, children, large) => {
    expect(isLargeEnough({ accesses, children })).toBe(large);
  });
});

describe('publishable', () => {
  type Part = Counted & { readonly name: string };
  const part = (name: string, accesses: number, children = accesses): Part => ({ name, accesses, children });
  const named = (parts: readonly Part[], rest: Counted) =>
    publishable<Part>(parts, rest, (counted) => ({ name: 'together', ...counted })).map(
      ({ name, accesses }) => [name, accesses],
    );

  test.each<[string, readonly Part[], Counted, readonly (readonly [string, number])[]]>([
    ['nothing is left', [part('a', 9)], part('', 0), [['a', 9]]],
    [
      'a rest that is large enough stands for itself',
      [part('a', 9)],
      part('', 6),
      [
        ['a', 9],
        ['together', 6],
      ],
    ],
    [
      'a small one takes the smallest part along',
      [part('a', 90), part('b', 7)],
      part('', 3),
      [
        ['a', 90],
        ['together', 10],
      ],
    ],
    ['also the only one', [part('a', 7)], part('', 1), [['together', 8]]],
    ['also many accesses to few children', [part('a', 7)], part('', 50, 2), [['together', 57]]],
    ['a day that is too small has no number', [], part('', 4), []],
    ['refusals that touched nobody hide nobody', [part('a', 30, 0)], part('', 3), [['a', 30]]],
  ])('%s', (_case, parts, rest, published) => {
    expect(named(parts, rest)).toEqual(published);
  });
});

describe('lastFinishedDay', () => {
  test.each([
    ['2026-06-15T22:59:59.000Z', '2026-06-14'],
    ['2026-06-15T23:30:00.000Z', '2026-06-14'],
    ['2026-06-16T00:00:00.000Z', '2026-06-15'],
    ['2026-01-15T00:59:59.000Z', '2026-01-13'],
    ['2026-01-15T01:00:00.000Z', '2026-01-14'],
  ])('at %s it is %s: London’s midnight, and an hour for what was under way', (now, day) => {
    expect(lastFinishedDay(new Date(now))).toBe(day);
  });
});
