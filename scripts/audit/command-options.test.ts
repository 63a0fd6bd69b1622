import { expect, test } from 'vitest';
import { reasonOf } from './command-options.ts';

test('a reason is long enough for whoever reads it, and shows what it says', () => {
  expect(reasonOf('Asked for by the board')).toBe('Asked for by the board');
  expect(() => reasonOf('too short')).toThrow('10 to 500');
  expect(() => reasonOf('Asked for by \u202edraob eht')).toThrow('cannot be seen');
});
