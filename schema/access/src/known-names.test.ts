import { expect, test } from 'vitest';
import { NO_FACTS } from './facts.ts';
import { isPurposeOfUse, PURPOSES } from './purpose.ts';
import { isRole, ROLES } from './role.ts';
import { decoyNumber, isContactPointNumber } from './subject-number.ts';

test('every purpose and every role is known by its name, and what all objects have is not', () => {
  expect(Object.keys(PURPOSES).filter((code) => !isPurposeOfUse(code))).toEqual([]);
  expect(ROLES.filter((role) => !isRole(role))).toEqual([]);
  for (const name of ['', 's47', 'S47 ', 'constructor', '__proto__', 'toString'])
    expect([name, isPurposeOfUse(name), isRole(name)]).toEqual([name, false, false]);
});

test('of a child nobody told us about nothing is known that opens anything', () => {
  expect(NO_FACTS).toEqual({ relationship: 'NONE', shielded: false, ownRecord: false });
});

test('a decoy is a number as any other, and never the same', () => {
  const decoys = Array.from({ length: 50 }, decoyNumber);
  expect(decoys.filter((decoy) => !isContactPointNumber(decoy))).toEqual([]);
  expect(new Set(decoys).size).toBe(50);
});
