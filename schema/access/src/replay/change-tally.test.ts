import { expect, test } from 'vitest';
import { createChangeTally } from './change-tally.ts';
import type { DecisionChange, LoggedDecision } from './replay.ts';

const decision: LoggedDecision = {
  role: 'teacher',
  purpose: 'ED',
  override: false,
  mediated: false,
  released: [],
  withheld: [],
  policies: [],
};

const change: DecisionChange = {
  coordinate: 'Child.conditions',
  class: 'SPECIAL',
  sectors: ['HEALTH'],
  effect: 'OPENS',
  certainty: 'WOULD',
  oldPolicies: [],
  newPolicies: ['more'],
};

test('counts each decision in its group and keeps a few receipts, sure ones first', () => {
  const tally = createChangeTally();
  tally.add('log 1', decision, [{ ...change, certainty: 'COULD', newPolicies: ['even-more'] }]);
  for (const index of [2, 3, 4, 5]) tally.add(`log ${index}`, decision, [change]);
  expect(tally.groups()).toEqual([
    {
      role: 'teacher',
      purpose: 'ED',
      override: false,
      sector: 'HEALTH',
      class: 'SPECIAL',
      coordinate: 'Child.conditions',
      effect: 'OPENS',
      would: 4,
      could: 1,
      oldPolicies: [],
      newPolicies: ['even-more', 'more'],
      examples: ['log 2', 'log 3', 'log 4'],
    },
  ]);
});

test('keeps apart what differs in anything but time and child', () => {
  const tally = createChangeTally();
  tally.add('log 1', decision, [
    change,
    { ...change, effect: 'CLOSES' },
    { ...change, sectors: ['EDUCATION', 'HEALTH'] },
  ]);
  tally.add('log 2', { ...decision, override: true }, [change]);
  tally.add('log 3', { ...decision, role: 'camhs-clinician' }, [change]);
  expect(
    tally.groups().map(({ role, override, sector, effect }) => `${role} ${override} ${sector} ${effect}`),
  ).toEqual([
    'camhs-clinician false HEALTH OPENS',
    'teacher false EDUCATION+HEALTH OPENS',
    'teacher false HEALTH CLOSES',
    'teacher false HEALTH OPENS',
    'teacher true HEALTH OPENS',
  ]);
});
