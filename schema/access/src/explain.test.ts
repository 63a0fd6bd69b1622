import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDecider } from './decide.ts';
import { explain, type Situation } from './explain.ts';
import type { Facts } from './facts.ts';
import { loadPolicySet } from './policy-set.ts';
import { PURPOSES, type PurposeOfUse } from './purpose.ts';
import { ROLE_SECTORS, ROLES } from './role.ts';
import { SECTORS, type Sector } from './sector.ts';
import { SENSITIVITY_CLASSES, type SensitivityClass } from './sensitivity.ts';

const decide = createDecider(loadPolicySet());

const team: Facts = { relationship: 'TEAM', shielded: false, ownRecord: false };
const socialWorker: Situation = { role: 'social-worker', purpose: 'S47', override: false, facts: team };
const stranger: Facts = { ...team, relationship: 'NONE' };
const LEVELS = ['NONE', 'MINIMAL', 'FULL'];

describe('explain', () => {
  test.each<[string, Situation, Sector, SensitivityClass, object]>([
    [
      'what is open needs no remedy',
      socialWorker,
      'SOCIAL_CARE',
      'SPECIAL',
      { level: 'FULL', denial: undefined, remedies: [], policies: ['social-worker-s47'] },
    ],
    [
      'the minimal subset is open, and no purpose opens the rest',
      socialWorker,
      'HEALTH',
      'SPECIAL',
      {
        level: 'MINIMAL',
        minimalDenial: undefined,
        denial: 'POLICY',
        remedies: [],
        policies: ['social-worker-s47-minimal'],
      },
    ],
    [
      'the other purpose of the row opens more',
      { ...socialWorker, purpose: 'S17' },
      'EDUCATION',
      'STATUS',
      {
        level: 'MINIMAL',
        denial: 'PURPOSE',
        remedies: [{ purpose: 'S47', level: 'FULL' }],
        policies: ['social-worker-s17-eh-minimal'],
      },
    ],
    [
      'a stranger to the child is told what opens a part, and what opens all',
      { ...socialWorker, purpose: 'EH', facts: stranger },
      'EDUCATION',
      'STATUS',
      {
        level: 'NONE',
        minimalDenial: 'RELATIONSHIP',
        denial: 'PURPOSE',
        remedies: [
          { relationship: 'TEAM', level: 'MINIMAL' },
          { purpose: 'S47', relationship: 'TEAM', level: 'FULL' },
        ],
        policies: ['relationship-required'],
      },
    ],
    [
      'a shield is silent, and only an allocation passes it',
      { ...socialWorker, facts: { ...team, shielded: true } },
      'DIRECTORY',
      'LOCATION',
      {
        level: 'NONE',
        minimalDenial: 'SILENT',
        denial: 'SILENT',
        remedies: [{ relationship: 'ALLOCATED', level: 'FULL' }],
        policies: ['shield'],
      },
    ],
    [
      'nothing passes it for a teacher',
      { ...socialWorker, role: 'teacher', purpose: 'ED', facts: { ...team, shielded: true } },
      'DIRECTORY',
      'LOCATION',
      { level: 'NONE', minimalDenial: 'SILENT', denial: 'POLICY', remedies: [], policies: ['shield'] },
    ],
    [
      'what is sealed opens with break-glass, for whom it may',
      { ...socialWorker, role: 'emergency-clinician', purpose: 'EC', facts: stranger },
      'HEALTH',
      'SEALED',
      {
        level: 'NONE',
        minimalDenial: 'SILENT',
        denial: 'SILENT',
        remedies: [{ override: true, level: 'FULL' }],
        policies: [],
      },
    ],
    [
      'or for the record of one’s own organisation',
      socialWorker,
      'SOCIAL_CARE',
      'SEALED',
      { denial: 'SILENT', remedies: [{ ownRecord: true, level: 'FULL' }], policies: [] },
    ],
    [
      'no policy opens anything to an auditor',
      { ...socialWorker, role: 'auditor', purpose: 'AUD' },
      'DIRECTORY',
      'IDENTITY',
      { level: 'NONE', minimalDenial: 'POLICY', denial: 'POLICY', remedies: [], policies: [] },
    ],
  ])('%s', (_case, situation, sector, name, explanation) => {
    expect(explain(decide, situation, sector, name)).toMatchObject({ sector, class: name, ...explanation });
  });

  test('every remedy holds what it promises, and none is missing where one change would do', () => {
    const situations: fc.Arbitrary<Situation> = fc.record({
      role: fc.constantFrom(...ROLES),
      purpose: fc.constantFrom(...(Object.keys(PURPOSES) as PurposeOfUse[])),
      override: fc.boolean(),
      facts: fc.record({
        relationship: fc.constantFrom('ALLOCATED', 'TEAM', 'NONE'),
        shielded: fc.boolean(),
        ownRecord: fc.boolean(),
      }),
    });
    const levelIn = ({ role, purpose, override, facts }: Situation, sector: Sector, name: SensitivityClass) =>
      decide({ role, sector: ROLE_SECTORS[role] }, purpose, override, facts).of(sector, name).level;

    fc.assert(
      fc.property(
        situations,
        fc.constantFrom(...SECTORS),
        fc.constantFrom(...SENSITIVITY_CLASSES),
        fc.constantFrom(...(Object.keys(PURPOSES) as PurposeOfUse[])),
        (situation, sector, name, other) => {
          const { level, remedies } = explain(decide, situation, sector, name);
          for (const { level: promised, purpose, override, relationship, ownRecord } of remedies) {
            const facts = {
              ...situation.facts,
              ...(relationship === undefined ? {} : { relationship }),
              ...(ownRecord === undefined ? {} : { ownRecord }),
            };
            const changed = {
              ...situation,
              facts,
              ...(purpose === undefined ? {} : { purpose }),
              ...(override === undefined ? {} : { override }),
            };
            expect(levelIn(changed, sector, name)).toBe(promised);
            expect(LEVELS.indexOf(promised)).toBeGreaterThan(LEVELS.indexOf(level));
          }
          const withOther = levelIn({ ...situation, purpose: other }, sector, name);
          if (LEVELS.indexOf(withOther) > LEVELS.indexOf(level))
            expect(remedies).toContainEqual({ purpose: other, level: withOther });
        },
      ),
      { numRuns: 60 },
    );
  });
});
