import { expect, test } from 'vitest';
import { type ClassDecision, type Decision, judge } from './decision.ts';

const none: ClassDecision = {
  level: 'NONE',
  apparentLevel: 'NONE',
  reason: 'POLICY',
  minimalReason: 'PURPOSE',
  policies: ['p'],
};
const decisionOf = (cell: Partial<ClassDecision>): Decision => ({
  of: () => ({ ...none, ...cell }),
  grantFor: () => ({}),
});

test('what describes nobody is released whatever was decided, by no policy', () => {
  expect(judge(decisionOf({}), 'HEALTH', { class: 'REFERENCE', minimal: false })).toEqual({
    released: true,
    policies: [],
  });
});

const withheld = (reason: string | undefined) => ({ released: false, reason, policies: ['p'] });
const released = { released: true, policies: ['p'] };

test.each<[string, Partial<ClassDecision>, object, object]>([
  ['nothing is granted', {}, withheld('PURPOSE'), withheld('POLICY')],
  ['the minimal subset is', { level: 'MINIMAL', apparentLevel: 'MINIMAL' }, released, withheld('POLICY')],
  ['all is', { level: 'FULL', apparentLevel: 'FULL' }, released, released],
  ['all were, but for a shield', { apparentLevel: 'FULL' }, withheld(undefined), withheld(undefined)],
  ['the minimal subset were', { apparentLevel: 'MINIMAL' }, withheld(undefined), withheld('POLICY')],
])('where %s', (_case, cell, minimal, rest) => {
  expect(judge(decisionOf(cell), 'HEALTH', { class: 'SPECIAL', minimal: true })).toEqual(minimal);
  expect(judge(decisionOf(cell), 'HEALTH', { class: 'SPECIAL', minimal: false })).toEqual(rest);
});
