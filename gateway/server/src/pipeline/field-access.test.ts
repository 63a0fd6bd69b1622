import { judge } from '@contactpoint/access/decision';
import type { Facts } from '@contactpoint/access/facts';
import { PURPOSES, type PurposeOfUse } from '@contactpoint/access/purpose';
import { ROLES, type Role } from '@contactpoint/access/role';
import { getIntrospectionQuery } from 'graphql';
import { describe, expect, test } from 'vitest';
import { contractSupergraph } from '../testing/contract-supergraph.ts';
import { decide } from '../testing/decisions.ts';
import { principalOf } from '../testing/personas.ts';
import { pipelineInTest, requestFor } from '../testing/pipeline.ts';
import { createFieldAccess, type FieldReading } from './field-access.ts';
import { createVisibleSchema } from './visible-schema.ts';

const supergraph = contractSupergraph();
const visibleSchema = createVisibleSchema(supergraph, decide);
const fieldAccess = createFieldAccess(supergraph, decide, visibleSchema);
const ALL_PURPOSES = Object.keys(PURPOSES) as PurposeOfUse[];

const told = (role: Role, purpose: PurposeOfUse, mediator?: Role) =>
  new Map(
    fieldAccess({ principal: principalOf(role), mediator: mediator && principalOf(mediator) }, purpose).map(
      (field) => [field.coordinate, field],
    ),
  );

/** What is said of a field, as one line. */
function saidOf(role: Role, purpose: PurposeOfUse, coordinate: string): string | undefined {
  const readings = told(role, purpose).get(coordinate)?.readings;
  return readings?.map(({ sector, reading, needs }) => [sector, reading, ...needs].join(' ')).join(', ');
}

describe('what a caller is told of a field', () => {
  test.each<[Role, PurposeOfUse, string, string | undefined]>([
    ['social-worker', 'S47', 'Child.familyName', 'DIRECTORY FULL'],
    ['social-worker', 'S47', 'Child.addresses', 'DIRECTORY FULL RELATIONSHIP'],
    ['social-worker', 'S47', 'Child.missedAppointments', 'HEALTH MINIMAL RELATIONSHIP'],
    ['social-worker', 'S47', 'Child.conditions', undefined],
    ['social-worker', 'EH', 'Child.missedAppointments', 'HEALTH NONE'],
    ['social-worker', 'AUD', 'Child.familyName', 'DIRECTORY NONE'],
    ['safeguarding-lead', 'ED', 'Child.suspensions', 'EDUCATION FULL RELATIONSHIP OWN_RECORD'],
    ['teacher', 'ED', 'Child.familyName', 'DIRECTORY FULL RELATIONSHIP'],
    ['teacher', 'ED', 'Child.attendance', 'EDUCATION MINIMAL RELATIONSHIP OWN_RECORD'],
    ['emergency-clinician', 'EC', 'Child.sexualHealthService', 'HEALTH BREAK_GLASS'],
    ['emergency-clinician', 'EC', 'Child.allergies', 'HEALTH FULL'],
    ['general-practitioner', 'DC', 'Child.sexualHealthService', 'HEALTH FULL RELATIONSHIP OWN_RECORD'],
    ['reviewing-officer', 'REV', 'Child.sexualHealthService', undefined],
    // It leads to fields that this role cannot read any of.
    ['camhs-clinician', 'DC', 'Child.mentalHealthService', undefined],
    ['auditor', 'AUD', 'Child.familyName', undefined],
    ['auditor', 'AUD', 'Query.accessEvents', 'DIRECTORY FULL'],
    ['teacher', 'ED', 'Query.findChildren', undefined],
    ['teacher', 'ED', 'Mutation.recordInvolvement', 'DIRECTORY FULL'],
    ['teacher', 'ED', 'Query.me', 'DIRECTORY FULL'],
  ])('%s, %s: %s', (role, purpose, coordinate, said) => {
    expect(saidOf(role, purpose, coordinate)).toBe(said);
  });

  test('its class, its agency, and the purposes that would open it', () => {
    const field = told('social-worker', 'EH').get('Child.missedAppointments');
    expect(field).toMatchObject({ sensitivity: 'SPECIAL', minimal: true, agencies: ['health'] });
    expect(field?.readings[0]?.purposes).toEqual(['S47']);
    expect(told('social-worker', 'EH').get('Child.id')?.agencies).toContain('education');
  });

  test('a type of several agencies is told once for each', () => {
    const readings = told('social-worker', 'S47').get('Contact.name')?.readings ?? [];
    expect(readings.map(({ sector }) => sector)).toEqual(expect.arrayContaining(['EDUCATION', 'HEALTH']));
  });

  test('of a colleague’s rights and one’s own it is the lesser', () => {
    const both = told('safeguarding-lead', 'ED', 'teacher');
    expect(both.get('Child.involvements')).toBeUndefined();
    expect(both.get('Child.addresses')?.readings[0]?.reading).toBe('MINIMAL');
    expect(
      told('emergency-clinician', 'EC', 'emergency-clinician').get('Child.sexualHealthService'),
    ).toBeUndefined();
  });
});

const FACTS: readonly Facts[] = (['NONE', 'TEAM', 'ALLOCATED'] as const).flatMap((relationship) =>
  [false, true].map((ownRecord) => ({ relationship, ownRecord, shielded: false })),
);

function holds({ needs }: FieldReading, { relationship, ownRecord }: Facts): boolean {
  return needs.every((need) => {
    if (need === 'OWN_RECORD') return ownRecord;
    return need === 'ALLOCATION' ? relationship === 'ALLOCATED' : relationship !== 'NONE';
  });
}

describe.each(ROLES)('for %s what is told and what is decided agree', (role) => {
  const principal = principalOf(role);

  test.each(ALL_PURPOSES)('%s', (purpose) => {
    for (const { coordinate, readings } of told(role, purpose).values()) {
      const sensitivity = supergraph.classification.get(coordinate);
      if (sensitivity === undefined || !coordinate.startsWith('Child.')) continue;
      for (const said of readings)
        for (const facts of FACTS)
          for (const override of [false, true]) {
            const { released } = judge(decide(principal, purpose, override, facts), said.sector, sensitivity);
            const isTold =
              holds(said, facts) && (said.reading === 'BREAK_GLASS' ? override : said.reading !== 'NONE');
            // A child is found by its identity: what is told of a field holds only where the child is shown at all.
            const isShown = judge(
              decide(principal, purpose, override, facts),
              'DIRECTORY',
              IDENTITY,
            ).released;
            expect([coordinate, facts, override, isTold]).toEqual([
              coordinate,
              facts,
              override,
              released && isShown,
            ]);
          }
    }
  });

  test('nothing is told of that introspection does not show', () => {
    const shown = visibleSchema(principal);
    for (const coordinate of told(role, 'S47').keys()) {
      const [type = '', field = ''] = coordinate.split('.');
      const shownType = shown.getType(type);
      const fields =
        shownType !== undefined && 'getFields' in shownType ? Object.keys(shownType.getFields()) : [];
      expect(fields).toContain(field);
    }
  });
});

const IDENTITY = { class: 'IDENTITY', minimal: false } as const;

describe('asked through the pipeline', () => {
  const QUESTION = `query Fields($purpose: String!) { __fieldAccess(purpose: $purpose) {
    ...Whole readings { reading } } } fragment Whole on __FieldAccess { coordinate }`;
  const ask = async (query: string, variables: Readonly<Record<string, unknown>> = {}) => {
    const inTest = pipelineInTest({ principals: { worker: principalOf('teacher') }, parts: { supergraph } });
    const headers = { purpose: undefined, reason: undefined };
    return { ...inTest, answer: await inTest.pipeline(requestFor(query, { headers, variables })) };
  };

  test('it needs no purpose of its own, and is an access like others', async () => {
    const { answer, log } = await ask(QUESTION, { purpose: 'ED' });
    expect(answer.body.errors).toBeUndefined();
    expect(answer.body.data?.['__fieldAccess']).toContainEqual({
      coordinate: 'Child.attendance',
      readings: [{ reading: 'MINIMAL' }],
    });
    expect(answer.headers['access-log']).toBe('log.example 0');
    expect(log.events).toMatchObject([
      { kind: 'access', outcome: 'RELEASED', operation: { name: 'Fields' }, subjects: [] },
    ]);
  });

  test('a purpose that is none has no answer', async () => {
    expect((await ask(QUESTION, { purpose: 'CURIOSITY' })).answer.body).toEqual({
      data: { __fieldAccess: null },
    });
  });

  test('an unknown caller is told nothing', async () => {
    const { pipeline } = pipelineInTest({ parts: { supergraph } });
    const headers = { authorization: 'Bearer nobody' };
    const { status, body } = await pipeline(requestFor(QUESTION, { headers, variables: { purpose: 'ED' } }));
    expect([status, body.data]).toEqual([401, undefined]);
  });

  test('it is listed nowhere, and stands at the root alone', async () => {
    const { answer } = await ask(getIntrospectionQuery());
    expect(JSON.stringify(answer.body)).not.toContain('FieldAccess');
    const below = await ask('{ me { __fieldAccess(purpose: "ED") { coordinate } } }');
    expect(below.answer.status).toBe(400);
  });
});
