import fc from 'fast-check';
import { describe, test } from 'vitest';
import { attainable, createDecider } from './decide.ts';
import { type Decision, judge, type Level } from './decision.ts';
import type { Facts } from './facts.ts';
import { loadPolicySet } from './policy-set.ts';
import { PURPOSES, type PurposeOfUse } from './purpose.ts';
import { ROLE_SECTORS, ROLES } from './role.ts';
import { SECTORS, type Sector } from './sector.ts';
import { SENSITIVITY_CLASSES, type SensitivityClass } from './sensitivity.ts';

const decide = createDecider(loadPolicySet());

const RANK: Record<Level, number> = { NONE: 0, MINIMAL: 1, FULL: 2 };

/** From most to least. */
const RELATIONSHIPS = ['ALLOCATED', 'TEAM', 'NONE'] as const;

/** The roles' own sectors mostly, and every other one too: an organisation may be entered under the wrong sector. */
const who = fc
  .tuple(fc.constantFrom(...ROLES), fc.option(fc.constantFrom(...SECTORS), { freq: 4 }))
  .map(([role, sector]) => ({ role, sector: sector ?? ROLE_SECTORS[role] }));
const purpose = fc.constantFrom(...(Object.keys(PURPOSES) as PurposeOfUse[]));
const facts: fc.Arbitrary<Facts> = fc.record({
  relationship: fc.constantFrom(...RELATIONSHIPS),
  shielded: fc.boolean(),
  ownRecord: fc.boolean(),
});
const cell = fc.tuple(fc.constantFrom(...SECTORS), fc.constantFrom(...SENSITIVITY_CLASSES));
const request = fc.tuple(who, purpose, fc.boolean(), facts, cell);

const runs = { numRuns: 400 };

describe('for every caller, purpose, child and class', () => {
  test('whoever has less of a right never reads more', () => {
    fc.assert(
      fc.property(request, facts, fc.boolean(), ([caller, code, override, more, at], other, lessOverride) => {
        const less: Facts = {
          relationship: lesser(more.relationship, other.relationship),
          shielded: more.shielded || other.shielded,
          ownRecord: more.ownRecord && other.ownRecord,
        };
        const before = decide(caller, code, override, more);
        const after = decide(caller, code, override && lessOverride, less);
        return rank(after, at) <= rank(before, at);
      }),
      runs,
    );
  });

  test('break-glass changes nothing but what is sealed', () => {
    fc.assert(
      fc.property(request, ([caller, code, , child, at]) => {
        const with_ = rank(decide(caller, code, true, child), at);
        const without = rank(decide(caller, code, false, child), at);
        return at[1] === 'SEALED' ? with_ >= without : with_ === without;
      }),
      runs,
    );
  });

  test('no child opens what is not attainable', () => {
    fc.assert(
      fc.property(request, ([caller, code, override, child, at]) => {
        const best = attainable(decide, caller, code, override);
        return rank(decide(caller, code, override, child), at) <= rank(best, at);
      }),
      runs,
    );
  });

  test('errors do not tell a shielded child from another, nor what is sealed from what is not there', () => {
    fc.assert(
      fc.property(request, fc.boolean(), ([caller, code, override, child, [sector, name]], minimal) => {
        const outcome = (shielded: boolean) =>
          judge(decide(caller, code, override, { ...child, shielded }), sector, { class: name, minimal });
        const errorOf = (verdict: ReturnType<typeof judge>) =>
          verdict.released ? undefined : verdict.reason;
        if (name === 'SEALED' && errorOf(outcome(child.shielded)) !== undefined) return false;
        return errorOf(outcome(true)) === errorOf(outcome(false));
      }),
      runs,
    );
  });

  test('what is asked of an agency does not depend on a shield, nor on whose record is sealed', () => {
    fc.assert(
      fc.property(request, ([caller, code, override, child, [sector, name]]) => {
        const asked = (of: Facts) => decide(caller, code, override, of).of(sector, name).apparentLevel;
        const ownRecord = name === 'SEALED' ? !child.ownRecord : child.ownRecord;
        return asked(child) === asked({ ...child, shielded: !child.shielded, ownRecord });
      }),
      runs,
    );
  });

  test('what is not released for a reason of its own is released or silent', () => {
    fc.assert(
      fc.property(request, ([caller, code, override, child, [sector, name]]) => {
        const { level, apparentLevel, reason, minimalReason } = decide(caller, code, override, child).of(
          sector,
          name,
        );
        if (RANK[level] > RANK[apparentLevel]) return false;
        if (name === 'SEALED') return reason === undefined && minimalReason === undefined;
        return (
          (reason === undefined) === (apparentLevel === 'FULL') &&
          (minimalReason === undefined) === (apparentLevel !== 'NONE')
        );
      }),
      runs,
    );
  });
});

function rank(decision: Decision, [sector, name]: [Sector, SensitivityClass]): number {
  return RANK[decision.of(sector, name).level];
}

function lesser(a: Facts['relationship'], b: Facts['relationship']): Facts['relationship'] {
  return RELATIONSHIPS.indexOf(a) > RELATIONSHIPS.indexOf(b) ? a : b;
}
