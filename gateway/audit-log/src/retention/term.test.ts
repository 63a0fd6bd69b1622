import { describe, expect, test } from 'vitest';
import type { AccessEvent } from '../access-event.ts';
import { lastsUntil, TERM_YEARS, yearsAfter } from './term.ts';

const BIRTHDAYS = new Map([
  ['CHILD', '2030-05-06'],
  ['YOUNGER', '2033-01-01'],
  ['GROWN-UP', '2001-02-03'],
]);

function event(changes: Partial<AccessEvent>): AccessEvent {
  return {
    ...{ version: 1, kind: 'access', nonce: '0'.repeat(32), at: '2026-01-02T03:04:05.000Z' },
    ...{ instance: 'gateway-1', override: false, outcome: 'RELEASED', jtis: [], subjects: [] },
    ...changes,
  } as AccessEvent;
}
const about = (...children: string[]) => ({
  subjects: children.map((child) => ({ child, released: ['Child.id'], withheld: [], policies: [] })),
});
const until = (changes: Partial<AccessEvent>, years = TERM_YEARS) =>
  lastsUntil(
    { origin: 'o', indexes: [1n], recordedAt: '2026-01-02T03:04:05.000Z', event: event(changes) },
    BIRTHDAYS,
    years,
  );

describe('lastsUntil', () => {
  test.each<[string, Partial<AccessEvent>, string | undefined]>([
    ['six years after the 18th birthday', about('CHILD'), '2036-05-06'],
    ['of every child in it', about('YOUNGER', 'CHILD'), '2039-01-01'],
    ['six years after the access to somebody grown up', about('GROWN-UP'), '2032-01-02'],
    ['six years after an event without a child', {}, '2032-01-02'],
    ['a refusal count', { kind: 'refusal-count' }, '2032-01-02'],
    ['for good, where one child’s birthday is not known', about('CHILD', 'UNKNOWN'), undefined],
    ['for good: a boot', { kind: 'boot' }, undefined],
    ['for good: a prune', { kind: 'prune' }, undefined],
    [
      'for good: placing a hold',
      {
        kind: 'intent',
        subjects: [{ child: 'CHILD', released: ['Mutation.placeLawfulHold'], withheld: [], policies: [] }],
      },
      undefined,
    ],
    [
      'for good: ending one',
      {
        kind: 'outcome',
        subjects: [{ child: 'CHILD', released: ['Mutation.endLawfulHold'], withheld: [], policies: [] }],
      },
      undefined,
    ],
    [
      'not for good: trying to, without the scope',
      {
        subjects: [{ child: 'CHILD', released: [], withheld: ['Mutation.placeLawfulHold'], policies: [] }],
      },
      '2036-05-06',
    ],
  ])('%s', (_case, changes, day) => {
    expect(until(changes)).toBe(day);
  });

  test('another term counts from the same day', () => {
    expect(until(about('CHILD'), 1)).toBe('2031-05-06');
    expect(until(about('GROWN-UP'), 10)).toBe('2036-01-02');
  });
});

test.each([
  ['2026-05-06', 6, '2032-05-06'],
  ['2024-02-29', 6, '2030-03-01'],
  ['2024-02-29', 4, '2028-02-29'],
  ['2026-11-23', -6, '2020-11-23'],
])('%s and %i years is %s', (day, years, later) => {
  expect(yearsAfter(day, years)).toBe(later);
});
