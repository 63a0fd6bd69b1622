import { describe, expect, test } from 'vitest';
import { attainable, createDecider } from './decide.ts';
import { type Decision, judge } from './decision.ts';
import { type Facts, NO_FACTS } from './facts.ts';
import { loadPolicySet, type PolicySet } from './policy-set.ts';
import type { PurposeOfUse } from './purpose.ts';
import { ROLE_SECTORS, type Role } from './role.ts';
import type { Sector } from './sector.ts';
import type { SensitivityClass } from './sensitivity.ts';

const decide = createDecider(loadPolicySet());

const allocated: Facts = { relationship: 'ALLOCATED', shielded: false, ownRecord: true };
const team: Facts = { relationship: 'TEAM', shielded: false, ownRecord: true };
const teamElsewhere: Facts = { relationship: 'TEAM', shielded: false, ownRecord: false };

describe('judge', () => {
  test.each<[string, Role, PurposeOfUse, Facts, Sector, SensitivityClass, boolean, unknown]>([
    ['allocated social worker', 'social-worker', 'S47', allocated, 'HEALTH', 'SPECIAL', true, 'released'],
    [
      'beyond the minimal subset no purpose helps',
      'social-worker',
      'S47',
      allocated,
      'HEALTH',
      'SPECIAL',
      false,
      'POLICY',
    ],
    [
      'early help, where an enquiry would open it',
      'social-worker',
      'EH',
      allocated,
      'HEALTH',
      'SPECIAL',
      true,
      'PURPOSE',
    ],
    [
      'early help, where nothing would',
      'social-worker',
      'EH',
      allocated,
      'HEALTH',
      'SPECIAL',
      false,
      'POLICY',
    ],
    ['a stranger', 'social-worker', 'S47', NO_FACTS, 'SOCIAL_CARE', 'STATUS', false, 'RELATIONSHIP'],
    [
      'a stranger, what no purpose opens',
      'social-worker',
      'S47',
      NO_FACTS,
      'HEALTH',
      'SPECIAL',
      false,
      'POLICY',
    ],
    ['a stranger, identity', 'social-worker', 'S47', NO_FACTS, 'DIRECTORY', 'IDENTITY', false, 'released'],
    [
      'a stranger to who may not search',
      'teacher',
      'ED',
      NO_FACTS,
      'DIRECTORY',
      'IDENTITY',
      false,
      'RELATIONSHIP',
    ],
    [
      'emergency clinician needs no relationship',
      'emergency-clinician',
      'EC',
      NO_FACTS,
      'HEALTH',
      'SPECIAL',
      false,
      'released',
    ],
    ['another purpose, identity', 'teacher', 'S47', allocated, 'DIRECTORY', 'IDENTITY', false, 'PURPOSE'],
    [
      'another purpose, whatever the class',
      'teacher',
      'S47',
      allocated,
      'HEALTH',
      'SPECIAL',
      false,
      'PURPOSE',
    ],
    ['a role without children', 'auditor', 'AUD', allocated, 'DIRECTORY', 'IDENTITY', false, 'POLICY'],
    ['another school', 'teacher', 'ED', teamElsewhere, 'EDUCATION', 'STATUS', true, 'RELATIONSHIP'],
    [
      'reference data, whatever the purpose',
      'auditor',
      'AUD',
      NO_FACTS,
      'HEALTH',
      'REFERENCE',
      false,
      'released',
    ],
    [
      'sealed, another authority',
      'social-worker',
      'S47',
      teamElsewhere,
      'SOCIAL_CARE',
      'SEALED',
      false,
      undefined,
    ],
    ['sealed, another purpose', 'social-worker', 'S17', allocated, 'SOCIAL_CARE', 'SEALED', false, undefined],
  ])('%s', (_case, role, purpose, facts, sector, name, minimal, outcome) => {
    expect(outcomeOf(decideFor(role, purpose, facts), sector, name, minimal)).toBe(outcome);
  });

  describe('a shielded child', () => {
    const shielded = (facts: Facts): Facts => ({ ...facts, shielded: true });

    test.each<[string, Role, PurposeOfUse, Facts, SensitivityClass, boolean, unknown]>([
      [
        'is found by the allocated social worker',
        'social-worker',
        'S47',
        allocated,
        'LOCATION',
        false,
        'released',
      ],
      ['not by the team', 'social-worker', 'S47', team, 'LOCATION', false, undefined],
      ['nor by an allocated teacher', 'teacher', 'ED', allocated, 'LOCATION', true, undefined],
      ['keeps its name', 'teacher', 'ED', team, 'IDENTITY', false, 'released'],
      // Errors where the unshielded child has them, silence where it has none: otherwise they would tell the two apart.
      ['refuses a teacher what it always refuses', 'teacher', 'ED', team, 'LOCATION', false, 'POLICY'],
      ['refuses a teacher involvements as ever', 'teacher', 'ED', team, 'INVOLVEMENT', true, 'POLICY'],
      ['refuses a stranger as ever', 'social-worker', 'S47', NO_FACTS, 'LOCATION', false, 'RELATIONSHIP'],
      ['says nothing to a steward', 'identity-steward', 'MATCH', NO_FACTS, 'INVOLVEMENT', true, undefined],
    ])('%s', (_case, role, purpose, facts, name, minimal, outcome) => {
      expect(outcomeOf(decideFor(role, purpose, shielded(facts)), 'DIRECTORY', name, minimal)).toBe(outcome);
    });

    test('is asked for like any other', () => {
      const decision = decideFor('safeguarding-lead', 'ED', shielded(team));
      expect(decision.of('DIRECTORY', 'LOCATION')).toMatchObject({
        level: 'NONE',
        apparentLevel: 'FULL',
        policies: ['shield'],
      });
    });
  });
});

describe('decide', () => {
  test("sealed records of another service are asked for like one's own", () => {
    const { level, apparentLevel } = decideFor('general-practitioner', 'DC', teamElsewhere).of(
      'HEALTH',
      'SEALED',
    );
    expect([level, apparentLevel]).toEqual(['NONE', 'FULL']);
  });

  test('break-glass opens what is sealed and says by which policy', () => {
    const who = { role: 'police-child-abuse', sector: 'JUSTICE' } as const;
    const sealed = (override: boolean) => decide(who, 'S47', override, NO_FACTS).of('SOCIAL_CARE', 'SEALED');
    expect(sealed(false)).toMatchObject({ level: 'NONE', apparentLevel: 'NONE', policies: [] });
    expect(sealed(true)).toMatchObject({ level: 'FULL', policies: ['police-child-abuse-s47-override'] });
  });

  test("gives a sector's classes as a grant carries them", () => {
    expect(decideFor('social-worker', 'S47', allocated).grantFor('HEALTH')).toEqual({
      REFERENCE: 'FULL',
      IDENTITY: 'FULL',
      LOCATION: 'FULL',
      INVOLVEMENT: 'FULL',
      STATUS: 'FULL',
      SPECIAL: 'MINIMAL',
    });
    expect(decideFor('teacher', 'S47', allocated).grantFor('HEALTH')).toEqual({ REFERENCE: 'FULL' });
  });

  test('a decision follows its attributes, not the objects they came in', () => {
    const facts = { relationship: 'ALLOCATED', shielded: false, ownRecord: true } as const;
    const changing: { -readonly [K in keyof Facts]: Facts[K] } = { ...facts };
    const first = decideFor('social-worker', 'S47', changing);
    changing.shielded = true;
    changing.relationship = 'NONE';
    expect(first.of('EDUCATION', 'LOCATION').level).toBe('FULL');
    expect(decideFor('social-worker', 'S47', facts)).toBe(first);
    expect(decideFor('social-worker', 'S47', changing)).not.toBe(first);
  });

  test('asks the policies once for a cell, whatever comes of it', () => {
    let asked = 0;
    const policySet: PolicySet = {
      hash: 'counted',
      ids: [],
      answer: () => {
        asked++;
        return { allowed: true, policies: [] };
      },
    };
    const counting = createDecider(policySet);
    const who = { role: 'teacher', sector: 'EDUCATION' } as const;
    for (let time = 0; time < 3; time++) counting(who, 'ED', false, { ...allocated }).of('HEALTH', 'SPECIAL');
    // The minimal subset, then the rest.
    expect(asked).toBe(2);
  });

  test('who may not read the minimal subset does not read the whole class', () => {
    const odd = createDecider({
      hash: '',
      ids: [],
      answer: ({ action }) => ({ allowed: action === 'read', policies: [] }),
    });
    const decision = odd({ role: 'social-worker', sector: 'SOCIAL_CARE' }, 'S47', false, allocated);
    expect(decision.of('HEALTH', 'STATUS').level).toBe('NONE');
  });

  test('without an answer nothing is open', () => {
    const silent = createDecider({ hash: '', ids: [], answer: () => ({ allowed: false, policies: [] }) });
    const decision = silent({ role: 'social-worker', sector: 'SOCIAL_CARE' }, 'S47', true, allocated);
    expect(decision.of('DIRECTORY', 'IDENTITY')).toMatchObject({ level: 'NONE', reason: 'POLICY' });
  });
});

describe('attainable', () => {
  test('what no child would open to the caller', () => {
    const best = attainable(decide, { role: 'teacher', sector: 'EDUCATION' }, 'ED', false);
    expect(outcomeOf(best, 'EDUCATION', 'STATUS', true)).toBe('released');
    expect(outcomeOf(best, 'HEALTH', 'SPECIAL', true)).toBe('POLICY');
    expect(outcomeOf(best, 'HEALTH', 'SEALED', false)).toBeUndefined();
  });
});

function decideFor(role: Role, purpose: PurposeOfUse, facts: Facts): Decision {
  return decide({ role, sector: ROLE_SECTORS[role] }, purpose, false, facts);
}

function outcomeOf(decision: Decision, sector: Sector, name: SensitivityClass, minimal: boolean): unknown {
  const verdict = judge(decision, sector, { class: name, minimal });
  return verdict.released ? 'released' : verdict.reason;
}
