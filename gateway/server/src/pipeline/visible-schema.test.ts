import type { PurposeOfUse } from '@contactpoint/access/purpose';
import { ROLES, type Role } from '@contactpoint/access/role';
import { type GraphQLSchema, getIntrospectionQuery, isObjectType, validateSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import { contractSupergraph } from '../testing/contract-supergraph.ts';
import { decide } from '../testing/decisions.ts';
import { principalOf } from '../testing/personas.ts';
import { pipelineInTest, requestFor } from '../testing/pipeline.ts';
import { createVisibleSchema } from './visible-schema.ts';

const supergraph = contractSupergraph();
const visibleSchema = createVisibleSchema(supergraph, decide);
const schemaOf = (role: Role) => visibleSchema(principalOf(role));

function fieldsOf(schema: GraphQLSchema, name: string): readonly string[] {
  const type = schema.getType(name);
  return isObjectType(type) ? Object.keys(type.getFields()) : [];
}

describe('the schema that introspection shows', () => {
  test.each<[Role, string, readonly string[], readonly string[]]>([
    ['social-worker', 'Query', ['child', 'findChildren', 'me'], ['accessEvents', 'practitioner']],
    ['social-worker', 'Mutation', ['recordInvolvement', 'shieldChild'], ['suspendAccess', 'reviewOverride']],
    ['social-worker', 'Child', ['missedAppointments', 'enrolments', 'senNeeds'], ['conditions']],
    ['teacher', 'Query', ['child', 'myCaseload'], ['findChildren']],
    ['teacher', 'Mutation', ['recordInvolvement'], ['shieldChild']],
    [
      'teacher',
      'Child',
      ['addresses', 'attendance'],
      ['conditions', 'involvements', 'senNeeds', 'socialCare'],
    ],
    ['teacher', 'Address', ['town'], ['line1', 'postcode']],
    ['auditor', 'Query', ['me', 'accessEvents', 'accessStatement'], ['child', 'practitioner']],
    ['auditor', 'Mutation', ['reviewOverride'], ['recordInvolvement']],
    ['auditor', 'AccessEvent', ['reason'], []],
    ['accreditation-officer', 'Mutation', ['suspendAccess'], ['reviewOverride']],
    ['administrator', 'Query', ['accessReview'], ['accessEvents']],
    ['publisher', 'Query', ['me'], ['child', 'practitioner']],
  ])('%s, %s', (role, type, shown, hidden) => {
    const fields = fieldsOf(schemaOf(role), type);
    expect(fields).toEqual(expect.arrayContaining([...shown]));
    for (const name of hidden) expect(fields).not.toContain(name);
  });

  test('has sealed fields for a role that may break the glass, and not for one that may not', () => {
    expect(fieldsOf(schemaOf('emergency-clinician'), 'Child')).toContain('sexualHealthService');
    expect(fieldsOf(schemaOf('reviewing-officer'), 'Child')).not.toContain('sexualHealthService');
  });

  test('lacks types, inputs and enums that only hidden fields lead to', () => {
    const teacher = schemaOf('teacher');
    for (const name of ['ChildSearch', 'ChildCandidate', 'Condition', 'AccessEvent', 'OverrideOutcome'])
      expect([name, teacher.getType(name)]).toEqual([name, undefined]);
    expect(teacher.getType('RecordInvolvementInput')).toBeDefined();
    const auditor = schemaOf('auditor');
    for (const name of ['Child', 'Address', 'IdentifierSystem'])
      expect([name, auditor.getType(name)]).toEqual([name, undefined]);
    expect(fieldsOf(schemaOf('publisher'), 'Mutation')).toEqual(['recordAnswerUse']);
  });

  test.each(ROLES)('is a valid part of the whole for %s', (role) => {
    const visible = schemaOf(role);
    // Told to be valid when it was built, so it is looked at anew.
    Object.assign(visible, { __validationErrors: undefined });
    expect(validateSchema(visible)).toEqual([]);
    for (const name of Object.keys(visible.getTypeMap()))
      for (const field of fieldsOf(visible, name))
        if (!name.startsWith('__')) expect(fieldsOf(supergraph.executor.schema, name)).toContain(field);
  });

  test('is made once for a role', () => {
    expect(schemaOf('teacher')).toBe(visibleSchema({ ...principalOf('teacher'), practitionerId: 'p-other' }));
  });

  test('shows who reads for a colleague what both may read, through one door', () => {
    const both = visibleSchema(principalOf('safeguarding-lead'), principalOf('teacher'));
    expect(fieldsOf(both, 'Query')).toEqual(['child']);
    expect(fieldsOf(both, 'Child')).not.toContain('involvements');
    expect(fieldsOf(both, 'Child')).toContain('attendance');
    const strangers = visibleSchema(principalOf('social-worker'), principalOf('teacher'));
    expect(fieldsOf(strangers, 'Query')).toEqual([]);
  });
});

describe('introspection through the pipeline', () => {
  const ask = async (role: Role, query: string, variables: Readonly<Record<string, unknown>> = {}) => {
    const { pipeline } = pipelineInTest({
      principals: { worker: principalOf(role) },
      // The executor as it is; it asks no agency for this.
      parts: { supergraph },
    });
    const stated: { purpose: PurposeOfUse } = { purpose: 'S47' };
    return (await pipeline(requestFor(query, { headers: stated, variables }))).body;
  };

  test('explorers get the filtered schema', async () => {
    const { data, errors } = await ask('teacher', getIntrospectionQuery({ specifiedByUrl: true }));
    expect(errors).toBeUndefined();
    const text = JSON.stringify(data);
    expect(text).toContain('"attendance"');
    expect(text).not.toMatch(/"conditions"|"findChildren"|"accessEvents"|"ChildSearch"/);
  });

  test('who reads for a colleague is shown what both may read', async () => {
    const of = (role: Role, practitionerId: string) => ({ ...principalOf(role), practitionerId });
    const { pipeline } = pipelineInTest({
      principals: { lead: of('safeguarding-lead', 'p-lead'), teacher: of('teacher', 'p-teacher') },
      parts: { supergraph },
    });
    const query = '{ __type(name: "Child") { fields { name } } }';
    const shown = async (authorization: string, onBehalfOf?: string) => {
      const headers = { authorization: `Bearer ${authorization}`, onBehalfOf, purpose: 'ED' } as const;
      return JSON.stringify((await pipeline(requestFor(query, { headers, variables: {} }))).body.data);
    };
    expect(await shown('lead')).toContain('"involvements"');
    for (const both of [await shown('lead', 'teacher'), await shown('teacher', 'lead')]) {
      expect(both).toContain('"attendance"');
      expect(both).not.toContain('"involvements"');
    }
  });

  test('a hidden type is one that does not exist, whatever variables stand beside it', async () => {
    const query = `query ($name: String!, $at: AccessEventFilter) {
      hidden: __type(name: $name) { name } none: __type(name: "Nothing") { name } child: __type(name: "Child") { name }
      accessEvents(filter: $at) @skip(if: true) { hasNextPage } }`.replace(
      '$at: AccessEventFilter',
      '$at: AccessEventFilter!',
    );
    const { data } = await ask('teacher', query, { name: 'Condition', at: {} });
    expect(data).toEqual({ hidden: null, none: null, child: { name: 'Child' } });
  });

  test('an operation that names a hidden field is refused at the field, and one that does not exist without suggestion', async () => {
    const refused = await ask('teacher', '{ accessEvents(filter: {}) { hasNextPage } }');
    expect(refused.errors?.[0]).toMatchObject({
      path: ['accessEvents'],
      extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', reason: 'SCOPE' },
    });
    const unknown = await ask('teacher', '{ child(id: "x") { condition } }');
    expect(unknown.errors?.map(({ message }) => message)).toEqual([
      'Cannot query field "condition" on type "Child".',
    ]);
  });
});
