import { describe, expect, test } from 'vitest';
import { mayEmploy } from './employment.ts';
import {
  agreementDateOf,
  certificateOf,
  nameOf,
  reasonOf,
  trainingDateOf,
  vettingDateOf,
} from './evidence.ts';

/** Half past midnight in London, the day before in UTC. */
const JUST_TODAY = new Date('2026-06-14T23:30:00Z');

describe('dates, on 15 June 2026 in London', () => {
  test.each([
    ['vetting issued today', vettingDateOf, '2026-06-15', true],
    ['vetting of tomorrow', vettingDateOf, '2026-06-16', false],
    ['vetting 3 years old', vettingDateOf, '2023-06-15', true],
    ['vetting a day older', vettingDateOf, '2023-06-14', false],
    ['training passed today', trainingDateOf, '2026-06-15', true],
    ['training of tomorrow', trainingDateOf, '2026-06-16', false],
    ['training 12 months old', trainingDateOf, '2025-06-15', true],
    ['training a day older', trainingDateOf, '2025-06-14', false],
    ['agreement of long ago', agreementDateOf, '2009-05-18', true],
    ['agreement of tomorrow', agreementDateOf, '2026-06-16', false],
    ['a day that does not exist', agreementDateOf, '2026-02-29', false],
    ['another notation', agreementDateOf, '15/06/2026', false],
  ])('%s', (_case, read, date, accepted) => {
    const reading = () => read(date, JUST_TODAY, 'issuedOn');
    if (accepted) expect(reading()).toBe(date);
    else expect(reading).toThrow();
  });
});

test.each([
  ['9 characters and blanks', '   too short  ', false],
  ['10 characters', '1234567890', true],
  ['500 characters', 'x'.repeat(500), true],
  ['501 characters', 'x'.repeat(501), false],
  ['characters that turn others', `Asked by \u202erehtom eht`, false],
])('a reason of %s', (_case, reason, accepted) => {
  if (accepted) expect(reasonOf(reason)).toBe(reason);
  else expect(() => reasonOf(reason)).toThrow();
});

test('a certificate is the same however it is written', () => {
  expect(certificateOf(' 0015 1234 5678 ', 'certificate')).toBe('001512345678');
  expect(() => certificateOf('none, sorry', 'certificate')).toThrow();
});

test('a name is something', () => {
  expect(nameOf(' Ann ', 'name')).toBe('Ann');
  expect(() => nameOf('  ', 'name')).toThrow('name');
});

test.each([
  ['SOCIAL_CARE', 'social-worker', true],
  ['SOCIAL_CARE', 'education-welfare-officer', true],
  ['SOCIAL_CARE', 'teacher', false],
  ['EDUCATION', 'teacher', true],
  ['EDUCATION', 'education-welfare-officer', true],
  ['HEALTH', 'social-worker', false],
  ['DIRECTORY', 'auditor', true],
  ['SOCIAL_CARE', 'accreditation-officer', false],
] as const)('an organisation of %s with a %s: %s', (sector, role, expected) => {
  expect(mayEmploy(sector, role)).toBe(expected);
});
