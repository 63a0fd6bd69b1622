import { ask, startTestSubgraph, type TestSubgraph } from '@contactpoint/subgraph-kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { healthSubgraph } from './definition.ts';
import { ingestHealth } from './ingest.ts';
import type { HealthRecord } from './record.ts';

const FULL = '8Z4K2M0QWX7R5T1B';
const EMPTY = '0000000000000001';
const UNKNOWN = '0000000000000002';

const contact = (name: string) => ({
  name,
  role: 'nurse',
  organisation: 'TRUST-01',
  phone: '0191 496 0000',
  email: null,
});

const record: HealthRecord = {
  childId: FULL,
  registeredPractice: 'Z99001',
  healthVisitor: contact('Hannah Visitor'),
  schoolNurse: contact('Sam Nurse'),
  immunisations: [
    { vaccine: 'MMR', snomedCode: '38598009', status: 'GIVEN', givenOn: '2016-03-27' },
    { vaccine: 'HPV', snomedCode: null, status: 'DUE', givenOn: null },
    { vaccine: '6-in-1', snomedCode: null, status: 'GIVEN', givenOn: '2015-05-01' },
  ],
  missedAppointments: [
    { on: '2025-01-01', setting: 'Dental clinic' },
    { on: '2025-06-01', setting: null },
  ],
  emergencyAttendances: [{ on: '2025-02-28', site: 'General hospital', reason: 'Fall' }],
  allergies: ['Penicillin', 'Cat hair'],
  conditions: [{ name: 'Asthma', snomedCode: '195967001', diagnosedOn: '2020-10-25' }],
  sdqScore: 0,
  initialHealthAssessmentDue: '2025-10-26',
  mentalHealthService: contact('Mia Mind'),
  sexualHealthService: contact('Sasha Health'),
  substanceMisuseService: null,
};

const NOTHING: HealthRecord = {
  childId: EMPTY,
  registeredPractice: null,
  healthVisitor: null,
  schoolNurse: null,
  immunisations: [],
  missedAppointments: [],
  emergencyAttendances: [],
  allergies: [],
  conditions: [],
  sdqScore: null,
  initialHealthAssessmentDue: null,
  mentalHealthService: null,
  sexualHealthService: null,
  substanceMisuseService: null,
};

const practice = { odsCode: 'Z99001', name: 'Harbour Surgery', town: 'Seaham', postcode: 'SR7 7AA' };

const QUERY = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Child {
  id registeredPractice { odsCode name town postcode }
  healthVisitor { ...C } schoolNurse { ...C }
  immunisations { vaccine snomedCode status givenOn } missedAppointments { on setting }
  emergencyAttendances { on site reason } allergies conditions { name snomedCode diagnosedOn }
  sdqScore initialHealthAssessmentDue
  mentalHealthService { ...C } sexualHealthService { ...C } substanceMisuseService { ...C }
} } } fragment C on Contact { name role organisation phone email }`;

const EVERYTHING = {
  IDENTITY: 'FULL',
  LOCATION: 'FULL',
  INVOLVEMENT: 'FULL',
  SPECIAL: 'FULL',
  SEALED: 'FULL',
} as const;

let health: TestSubgraph;
beforeAll(async () => {
  health = await startTestSubgraph(healthSubgraph);
  await ingestHealth(health.store, { practices: [practice], children: [record, NOTHING] });
  await ingestHealth(health.store, { practices: [practice], children: [record, NOTHING] });
});
afterAll(async () => await health.stop());

async function view(childIds: readonly string[], classes: Readonly<Record<string, 'FULL' | 'MINIMAL'>>) {
  const { data, errors } = await ask(health.app, {
    query: QUERY,
    variables: { representations: childIds.map((id) => ({ __typename: 'Child', id })) },
    children: Object.fromEntries(childIds.map((id) => [id, classes])),
  });
  expect(errors).toBeUndefined();
  return data._entities;
}

describe('health', () => {
  test('answers every field of the contract, newest first, and twice the same ingest is one', async () => {
    const { childId, ...held } = record;
    const [mmr, hpv, sixInOne] = record.immunisations;
    expect(await view([FULL], EVERYTHING)).toEqual([
      {
        ...held,
        id: childId,
        registeredPractice: practice,
        immunisations: [mmr, sixInOne, hpv],
        missedAppointments: record.missedAppointments.toReversed(),
      },
    ]);
  });

  test('a child who has nothing answers like one whom health does not know', async () => {
    const [empty, unknown] = await view([EMPTY, UNKNOWN], EVERYTHING);
    const { childId, ...nothing } = NOTHING;
    expect({ ...empty, id: null }).toEqual({ ...unknown, id: null });
    for (const field of Object.keys(nothing)) expect(empty[field]).toBeNull();
  });

  test('a minimal grant shows that and when, not where or why', async () => {
    const [child] = await view([FULL], { SPECIAL: 'MINIMAL' });
    expect(child).toMatchObject({
      registeredPractice: null,
      schoolNurse: null,
      immunisations: null,
      missedAppointments: [
        { on: '2025-06-01', setting: null },
        { on: '2025-01-01', setting: null },
      ],
      emergencyAttendances: [{ on: '2025-02-28', site: null, reason: null }],
      conditions: null,
      initialHealthAssessmentDue: '2025-10-26',
      mentalHealthService: null,
    });
  });

  test('a sensitive service shows only what the classes of contact and service both allow', async () => {
    const [sealed] = await view([FULL], { SEALED: 'FULL', INVOLVEMENT: 'FULL' });
    expect(sealed.mentalHealthService).toMatchObject({ name: 'Mia Mind' });
    const [open] = await view([FULL], { INVOLVEMENT: 'FULL' });
    expect(open.mentalHealthService).toBeNull();
    expect(open.healthVisitor).toMatchObject({ name: 'Hannah Visitor' });
  });

  test('practices are found by code and as entities, without a child', async () => {
    const { data } = await ask(health.app, {
      query: `query ($r: [_Any!]!) { practice(odsCode: "Z99001") { name } none: practice(odsCode: "A00000") { name }
        _entities(representations: $r) { ... on Practice { town } } }`,
      variables: { r: [{ __typename: 'Practice', odsCode: 'Z99001' }] },
    });
    expect(data).toEqual({
      practice: { name: 'Harbour Surgery' },
      none: null,
      _entities: [{ town: 'Seaham' }],
    });
  });
});
