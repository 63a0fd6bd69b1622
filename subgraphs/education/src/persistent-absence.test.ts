import { expect, test } from 'vitest';
import { isPersistentlyAbsent } from './persistent-absence.ts';

test.each([
  ['one session short of a tenth', 190, 172, false],
  ['exactly a tenth', 190, 171, true],
  ['everything', 190, 0, true],
  ['nothing', 190, 190, false],
  ['a tenth that no double holds', 3, 2, true],
  ['no sessions to miss', 0, 0, null],
])('persistent absence: missed %s', (_case, sessionsPossible, sessionsAttended, expected) => {
  expect(isPersistentlyAbsent({ sessionsPossible, sessionsAttended })).toBe(expected);
});
