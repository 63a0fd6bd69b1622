import { describe, expect, test } from 'vitest';
import { standbysWaitedFor } from './postgres-durability.ts';

describe('standbysWaitedFor', () => {
  test.each([
    ['', 0],
    ['  ', 0],
    ['*', 1],
    ['london', 1],
    ['london, leeds', 1],
    ['FIRST 2 (london, leeds, york)', 2],
    ['any 1 (*)', 1],
    ['ANY 3 ("any 9 (", b, c)', 3],
    ['2 (london, leeds)', 2],
  ])('«%s» waits for %i', (names, count) => {
    expect(standbysWaitedFor(names)).toBe(count);
  });
});
