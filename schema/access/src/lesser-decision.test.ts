import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDecider } from './decide.ts';
import { type Decision, judge, type Level } from './decision.ts';
import type { Facts } from './facts.ts';
import { lesser } from './lesser-decision.ts';
import { loadPolicySet } from './policy-set.ts';
import { PURPOSES, type PurposeOfUse } from './purpose.ts';
import { ROLE_SECTORS, ROLES, type Role } from './role.ts';
import { SECTORS } from './sector.ts';
import { SENSITIVITY_CLASSES } from './sensitivity.ts';

const decide = createDecider(loadPolicySet());

const RANK: Record<Level, number> = { NONE: 0, MINIMAL: 1, FULL: 2 };

const who = fc.constantFrom(...ROLES).map((role) => ({ role, sector: ROLE_SECTORS[role] }));
/** Mostly purposes that several roles share: with the others the lesser of two is nothing. */
const purpose = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<PurposeOfUse>('S47', 'ED', 'DC', 'EH') },
  { weight: 1, arbitrary: fc.constantFrom(...(Object.keys(PURPOSES) as PurposeOfUse[])) },
);
const facts: fc.Arbitrary<Omit<Facts, 'shielded'>> = fc.record({
  relationship: fc.constantFrom('ALLOCATED', 'TEAM', 'NONE'),
  ownRecord: fc.boolean(),
});
/** One child, so one shield; each of the two has facts of their own otherwise. */
const pair = fc
  .tuple(who, who, purpose, facts, facts)
  .map(([one, other, code, ofOne, ofOther]) => (shielded: boolean): [Decision, Decision] => [
    decide(one, code, false, { ...ofOne, shielded }),
    decide(other, code, false, { ...ofOther, shielded }),
  ]);
const cell = fc.tuple(fc.constantFrom(...SECTORS), fc.constantFrom(...SENSITIVITY_CLASSES), fc.boolean());

const runs = { numRuns: 200 };

describe('for every two callers, one of whom reads for the other', () => {
  test('neither gets more than alone', () => {
    fc.assert(
      fc.property(pair, fc.boolean(), cell, (of, shielded, [sector, name, minimal]) => {
        const [one, other] = of(shielded);
        const both = lesser(one, other);
        const released = (decision: Decision) => judge(decision, sector, { class: name, minimal }).released;
        for (const alone of [one, other]) {
          expect(RANK[both.of(sector, name).level]).toBeLessThanOrEqual(RANK[alone.of(sector, name).level]);
          expect(RANK[both.of(sector, name).apparentLevel]).toBeLessThanOrEqual(
            RANK[alone.of(sector, name).apparentLevel],
          );
        }
        expect(released(both)).toBe(released(one) && released(other));
      }),
      runs,
    );
  });

  test('who reads for whom makes no difference, nor does reading for an equal', () => {
    fc.assert(
      fc.property(pair, fc.boolean(), cell, (of, shielded, [sector, name]) => {
        const [one, other] = of(shielded);
        expect(lesser(one, other).of(sector, name)).toEqual(lesser(other, one).of(sector, name));
        expect(lesser(one, one).of(sector, name)).toEqual(one.of(sector, name));
        expect(lesser(one, one).grantFor(sector)).toEqual(one.grantFor(sector));
      }),
      runs,
    );
  });

  test('errors and requests do not tell a shielded child from another, nor what is sealed from what is not there', () => {
    fc.assert(
      fc.property(pair, cell, (of, [sector, name, minimal]) => {
        const said = (shielded: boolean) => {
          const both = lesser(...of(shielded));
          const verdict = judge(both, sector, { class: name, minimal });
          const { apparentLevel } = both.of(sector, name);
          return { apparentLevel, error: verdict.released ? undefined : verdict.reason };
        };
        expect(said(true)).toEqual(said(false));
        if (name === 'SEALED') expect(said(false).error).toBeUndefined();
      }),
      runs,
    );
  });

  test('a grant holds what both may read', () => {
    fc.assert(
      fc.property(pair, fc.boolean(), fc.constantFrom(...SECTORS), (of, shielded, sector) => {
        const both = lesser(...of(shielded));
        for (const name of SENSITIVITY_CLASSES)
          expect(both.grantFor(sector)[name] ?? 'NONE').toBe(both.of(sector, name).level);
      }),
      runs,
    );
  });
});

describe('the lesser of two', () => {
  const of = (role: Role, code: PurposeOfUse, known: Facts) =>
    decide({ role, sector: ROLE_SECTORS[role] }, code, false, known);
  const team: Facts = { relationship: 'TEAM', shielded: false, ownRecord: true };
  const nobody: Facts = { relationship: 'NONE', shielded: false, ownRecord: false };
  const location = (one: Decision, other: Decision) => lesser(one, other).of('DIRECTORY', 'LOCATION');

  test('is minimal where one has the minimal subset, with the reason of that one', () => {
    expect(location(of('safeguarding-lead', 'ED', team), of('teacher', 'ED', team))).toMatchObject({
      level: 'MINIMAL',
      reason: 'POLICY',
      minimalReason: undefined,
    });
  });

  test('is nothing where the purpose is not the other’s', () => {
    expect(location(of('social-worker', 'S47', team), of('teacher', 'S47', team))).toMatchObject({
      level: 'NONE',
      reason: 'PURPOSE',
    });
  });

  test('names the first reason of the two', () => {
    expect(location(of('teacher', 'ED', team), of('safeguarding-lead', 'ED', nobody))).toMatchObject({
      reason: 'POLICY',
      minimalReason: 'RELATIONSHIP',
    });
  });

  test('is silent where a shield stops one of two who both seem to be allowed', () => {
    const shielded = { ...team, shielded: true };
    const allocated = of('social-worker', 'S47', { ...shielded, relationship: 'ALLOCATED' });
    expect(location(allocated, of('social-worker', 'S47', shielded))).toMatchObject({
      level: 'NONE',
      apparentLevel: 'FULL',
      reason: undefined,
    });
  });
});
