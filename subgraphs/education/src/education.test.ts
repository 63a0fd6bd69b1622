import { ask, startTestSubgraph, type TestSubgraph } from '@contactpoint/subgraph-kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { educationSubgraph } from './definition.ts';
import { ingestEducation } from './ingest.ts';
import type { EducationRecord } from './record.ts';

const PUPIL = '8Z4K2M0QWX7R5T1B';
const BLANK = '0000000000000001';
const UNKNOWN = '0000000000000002';

const school = {
  urn: '900001',
  name: 'Harbour Primary',
  town: 'Seaham',
  postcode: 'SR7 7AA',
  openedOn: null,
};
const academy = { urn: '900002', name: 'Cliff Academy', town: null, postcode: null, openedOn: '2011-09-01' };

const pupil: EducationRecord = {
  childId: PUPIL,
  enrolments: [
    { urn: '900001', yearGroup: '6', from: '2019-09-02', to: '2025-07-22', leavingReason: 'END_OF_PHASE' },
    { urn: '900002', yearGroup: '7', from: '2025-09-01', to: null, leavingReason: null },
  ],
  attendance: [year(2024, { possible: 380, attended: 342 }), year(2025, { possible: 190, attended: 189 })],
  suspensions: [{ from: '2025-03-30', sessions: 4, reason: 'PP', permanent: false }],
  senProvision: 'EHC_PLAN',
  senNeeds: ['SLCN', 'ASD'],
  ehcPlan: { issuedOn: '2023-10-29', reviewDueOn: '2026-10-29' },
  electiveHomeEducation: false,
  missingEducation: true,
  pupilPremium: true,
  designatedSafeguardingLead: {
    name: 'Dilys Lead',
    role: 'Designated safeguarding lead',
    organisation: 'Cliff Academy',
    phone: '0191 496 0001',
    email: null,
  },
};

const blank: EducationRecord = {
  childId: BLANK,
  enrolments: [],
  attendance: [],
  suspensions: [],
  senProvision: null,
  senNeeds: [],
  ehcPlan: null,
  electiveHomeEducation: null,
  missingEducation: null,
  pupilPremium: null,
  designatedSafeguardingLead: null,
};

const EVERYTHING = {
  IDENTITY: 'FULL',
  LOCATION: 'FULL',
  INVOLVEMENT: 'FULL',
  STATUS: 'FULL',
  SPECIAL: 'FULL',
} as const;

const VIEW = `
  enrolments { school { urn name town postcode } yearGroup from to leavingReason }
  attendance { academicYear sessionsPossible sessionsAttended authorisedAbsences unauthorisedAbsences persistentlyAbsent }
  suspensions { from sessions reason permanent }
  senProvision senNeeds ehcPlan { issuedOn reviewDueOn }
  electiveHomeEducation missingEducation pupilPremium
  designatedSafeguardingLead { name role organisation phone email }`;

let education: TestSubgraph;
beforeAll(async () => {
  education = await startTestSubgraph(educationSubgraph);
  await ingestEducation(education.store, { schools: [school, academy], children: [pupil, blank] });
});
afterAll(async () => await education.stop());

async function view(
  childId: string,
  classes: Readonly<Record<string, 'FULL' | 'MINIMAL'>>,
  selection = VIEW,
) {
  const answer = await ask(education.app, {
    query: `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Child { ${selection} } } }`,
    variables: { representations: [{ __typename: 'Child', id: childId }] },
    children: { [childId]: classes },
  });
  return { child: answer.data?._entities?.[0], errors: answer.errors };
}

describe("a child's record", () => {
  test('is all there for who may read everything, newest first', async () => {
    expect(await view(PUPIL, EVERYTHING)).toEqual({
      child: {
        enrolments: [
          {
            school: { urn: '900002', name: 'Cliff Academy', town: null, postcode: null },
            yearGroup: '7',
            from: '2025-09-01',
            to: null,
            leavingReason: null,
          },
          {
            school: { urn: '900001', name: 'Harbour Primary', town: 'Seaham', postcode: 'SR7 7AA' },
            yearGroup: '6',
            from: '2019-09-02',
            to: '2025-07-22',
            leavingReason: 'END_OF_PHASE',
          },
        ],
        attendance: [
          { ...pupil.attendance[1], persistentlyAbsent: false },
          { ...pupil.attendance[0], persistentlyAbsent: true },
        ],
        suspensions: pupil.suspensions,
        senProvision: 'EHC_PLAN',
        senNeeds: ['SLCN', 'ASD'],
        ehcPlan: pupil.ehcPlan,
        electiveHomeEducation: false,
        missingEducation: true,
        pupilPremium: true,
        designatedSafeguardingLead: pupil.designatedSafeguardingLead,
      },
      errors: undefined,
    });
  });

  test('has no list without items', async () => {
    const { child: nothing } = await view(BLANK, EVERYTHING);
    expect(Object.values(nothing)).toEqual(Array(10).fill(null));
  });

  test('of a child that education does not know answers like one that has nothing there', async () => {
    expect(await view(UNKNOWN, EVERYTHING)).toEqual(await view(BLANK, EVERYTHING));
  });

  test('answers of one academic year when asked to, and null for a year without attendance', async () => {
    const selection = `last: attendance(academicYear: 2024) { academicYear } none: attendance(academicYear: 1999) { academicYear }
      all: attendance(academicYear: null) { academicYear }`;
    expect((await view(PUPIL, EVERYTHING, selection)).child).toEqual({
      last: [{ academicYear: 2024 }],
      none: null,
      all: [{ academicYear: 2025 }, { academicYear: 2024 }],
    });
  });

  test('gives no field of a class that was not granted', async () => {
    const { child } = await view(PUPIL, { STATUS: 'FULL' });
    expect(child).toMatchObject({
      enrolments: null,
      senNeeds: null,
      designatedSafeguardingLead: null,
      senProvision: 'EHC_PLAN',
      pupilPremium: true,
    });
  });

  test('gives the minimal subset alone where only that was granted', async () => {
    const { child } = await view(PUPIL, { STATUS: 'MINIMAL' });
    expect(child).toMatchObject({
      suspensions: null,
      ehcPlan: null,
      pupilPremium: null,
      missingEducation: true,
    });
    expect(child.attendance[1]).toEqual({
      academicYear: 2024,
      persistentlyAbsent: true,
      sessionsPossible: null,
      sessionsAttended: null,
      authorisedAbsences: null,
      unauthorisedAbsences: null,
    });
  });

  test('is closed under a grant for another child', async () => {
    const { data } = await ask(education.app, {
      query: `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Child { pupilPremium } } }`,
      variables: { representations: [{ __typename: 'Child', id: PUPIL }] },
      children: { [BLANK]: EVERYTHING },
    });
    expect(data).toEqual({ _entities: [null] });
  });
});

describe('a school', () => {
  test('is public reference data, found by its number', async () => {
    const { data } = await ask(education.app, {
      query: '{ school(urn: "900001") { urn name town postcode } }',
    });
    expect(data).toEqual({
      school: { urn: '900001', name: 'Harbour Primary', town: 'Seaham', postcode: 'SR7 7AA' },
    });
  });

  test('that does not exist is null', async () => {
    expect((await ask(education.app, { query: '{ school(urn: "000000") { name } }' })).data).toEqual({
      school: null,
    });
  });
});

describe('ingest', () => {
  test('of the same records twice leaves the same rows', async () => {
    const before = await view(PUPIL, EVERYTHING);
    await ingestEducation(education.store, { schools: [school, academy], children: [pupil, blank] });
    expect(await view(PUPIL, EVERYTHING)).toEqual(before);
  });

  test('stores nothing of a batch that names an unknown school', async () => {
    const stray: EducationRecord = {
      ...blank,
      childId: '0000000000000003',
      pupilPremium: true,
      enrolments: [{ urn: '999999', yearGroup: null, from: '2025-09-01', to: null, leavingReason: null }],
    };
    await expect(ingestEducation(education.store, { schools: [], children: [stray] })).rejects.toThrow();
    expect((await view(stray.childId, EVERYTHING)).child).toMatchObject({ pupilPremium: null });
  });

  test('of nothing is nothing', async () => {
    await expect(ingestEducation(education.store, { schools: [], children: [] })).resolves.toBeUndefined();
  });
});

function year(academicYear: number, { possible, attended }: { possible: number; attended: number }) {
  return {
    academicYear,
    sessionsPossible: possible,
    sessionsAttended: attended,
    authorisedAbsences: possible - attended,
    unauthorisedAbsences: 0,
  };
}
