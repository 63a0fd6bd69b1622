import { describe, expect, test } from 'vitest';
import { contactPointNumber, isContactPointNumber } from './contactpoint-number.ts';
import { isNhsNumber, nhsCheckDigit } from './nhs-number.ts';
import { normaliseNumber } from './normalise-number.ts';
import { isUln } from './uln.ts';
import { isUpn, upnCheckLetter } from './upn.ts';

describe('numbers with a check digit', () => {
  test.each([
    ['NHS number', isNhsNumber, '9434765870', '9434765871'],
    ['NHS number, too short', isNhsNumber, '9434765870', '943476587'],
    ['UPN', isUpn, 'B801200005001', 'A801200005001'],
    ['temporary UPN', isUpn, 'P37340051901Z', 'P37340051901Y'],
    ['temporary UPN with a letter that none has', isUpn, 'P37340051901Z', 'P37340051901S'],
    ['ULN', isUln, '1000000000', '1000000001'],
  ])('%s', (_name, isValid, good, bad) => {
    expect(isValid(good)).toBe(true);
    expect(isValid(bad)).toBe(false);
  });

  test('nine digits without a check digit make no NHS number', () => {
    const without = ['999000000', '999000001', '999000002', '999000003', '999000004', '999000005'].concat(
      ['999000006', '999000007', '999000008', '999000009', '999000010'].map(String),
    );
    expect(without.some((digits) => nhsCheckDigit(digits) === undefined)).toBe(true);
  });

  test('a UPN is made from its twelve last characters', () => {
    expect(upnCheckLetter('801200005001')).toBe('B');
  });
});

describe('ContactPoint number', () => {
  test('carries all 80 bits', () => {
    expect(contactPointNumber(new Uint8Array(10))).toBe('0000000000000000');
    expect(contactPointNumber(new Uint8Array(10).fill(255))).toBe('ZZZZZZZZZZZZZZZZ');
    expect(contactPointNumber(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 33))).toBe('0000000000000011');
  });

  test.each(['8Z4K2M0QWX7R5T1', '8Z4K2M0QWX7R5T1I', '8z4k2m0qwx7r5t1b'])('%s is none', (value) => {
    expect(isContactPointNumber(value)).toBe(false);
  });
});

test.each([
  ['943 476 5870', '9434765870'],
  [' b801-2000-05001\n', 'B801200005001'],
  ['8Z4K2M0QWX7R5T1B', '8Z4K2M0QWX7R5T1B'],
])('%s is stored as %s', (typed, stored) => {
  expect(normaliseNumber(typed)).toBe(stored);
});
