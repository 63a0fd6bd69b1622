import type { Facts } from '@contactpoint/access/facts';
import type { PurposeOfUse } from '@contactpoint/access/purpose';
import type { Role } from '@contactpoint/access/role';
import { coerceVariables } from '@contactpoint/executor/coerce-variables';
import type { ReachedCoordinate } from '@contactpoint/executor/hooks';
import { buildSchema, GraphQLID, GraphQLNonNull } from 'graphql';
import { describe, expect, test } from 'vitest';
import { contractSupergraph } from '../testing/contract-supergraph.ts';
import { atBest, decisionsFor, stating } from '../testing/decisions.ts';
import {
  ALLOCATED,
  JOINED,
  NO_RELATIONSHIP,
  principalOf,
  SHIELDED,
  TEAM,
  TEAM_SHIELDED,
  UNRELATED,
} from '../testing/personas.ts';
import { createParser } from './parse.ts';
import { createPlanner } from './plan.ts';
import { argumentsOf, namedSubjects, rootFields, subjectAccess } from './subject-access.ts';

const supergraph = contractSupergraph();
const parser = createParser(supergraph.executor.schema);
const planner = createPlanner(supergraph, atBest);

function named(query: string, variables: Readonly<Record<string, unknown>> = {}) {
  const parsed = parser(query, undefined);
  const planned = planner.plan(parsed, principalOf('social-worker'), stating('S47'));
  const { schema } = supergraph.executor;
  return namedSubjects(supergraph, parsed, planned, coerceVariables(schema, parsed.operation, variables));
}

const NEEDED = new GraphQLNonNull(GraphQLID);

const ids = (...of: Parameters<typeof named>) => named(...of).map(({ id }) => id);

describe('namedSubjects', () => {
  test.each<[string, string, Record<string, unknown>]>([
    ['inline', `{ child(id: "${JOINED}") { familyName } }`, {}],
    ['in a variable', 'query ($id: ID!) { child(id: $id) { familyName } }', { id: JOINED }],
    ['in a variable’s default', `query ($id: ID! = "${JOINED}") { child(id: $id) { familyName } }`, {}],
    [
      'in an input object',
      `mutation { recordInvolvement(input: { childId: "${JOINED}", service: "s", from: "2026-01-01" }) { id } }`,
      {},
    ],
    [
      'in an input object that is a variable',
      'mutation ($in: RecordInvolvementInput!) { recordInvolvement(input: $in) { id } }',
      { in: { childId: JOINED, service: 's', from: '2026-01-01' } },
    ],
    [
      'in a variable within an input object',
      'mutation ($id: ID!) { recordInvolvement(input: { childId: $id, service: "s", from: "2026-01-01" }) { id } }',
      { id: JOINED },
    ],
    [
      'as another system’s number',
      `{ childByIdentifier(system: CONTACTPOINT, value: "${JOINED}") { id } }`,
      {},
    ],
    ['under an alias', `{ kid: child(id: "${JOINED}") { familyName } }`, {}],
    ['within an inline fragment', `{ ... { ... on Query { child(id: "${JOINED}") { familyName } } } }`, {}],
    ['within a fragment', `{ ...Q } fragment Q on Query { child(id: "${JOINED}") { familyName } }`, {}],
    ['with nothing asked but whether it is there', `{ child(id: "${JOINED}") { __typename } }`, {}],
    ['by a condition that is off', `{ child(id: "${JOINED}") @skip(if: true) { id } }`, {}],
  ])('a child is named %s', (_case, query, variables) => {
    expect(ids(query, variables)).toEqual([JOINED]);
  });

  test('a number of digits alone may be written without quotes', () => {
    expect(ids('{ child(id: 1234567890123456) { id } }')).toEqual(['1234567890123456']);
    const query = 'query ($id: ID!) { child(id: $id) { id } }';
    expect(ids(query, { id: 1234567890123456 })).toEqual(['1234567890123456']);
  });

  test('with what the operation selects of it', () => {
    const coordinates = [{ subjectField: 'Child.addresses', coordinate: 'Child.addresses' }];
    coordinates.push({ subjectField: 'Child.addresses', coordinate: 'Address.town' });
    expect(
      named(`{ a: child(id: "${JOINED}") { addresses { town } } b: child(id: "${UNRELATED}") { id } }`),
    ).toEqual([
      { id: JOINED, coordinates },
      { id: UNRELATED, coordinates: [{ subjectField: 'Child.id', coordinate: 'Child.id' }] },
    ]);
  });

  test('and through which objects', () => {
    const [child] = named(`{ child(id: "${JOINED}") { enrolments { school { name } } } }`);
    expect(child?.coordinates).toEqual([
      { subjectField: 'Child.enrolments', coordinate: 'Child.enrolments' },
      { subjectField: 'Child.enrolments', coordinate: 'Enrolment.school' },
      { subjectField: 'Child.enrolments', through: ['Enrolment.school'], coordinate: 'School.name' },
    ]);
  });

  test.each<[string, string, Record<string, unknown>]>([
    [
      'null where there is a default',
      `query ($id: ID = "${JOINED}") { child(id: $id) { id } }`,
      { id: null },
    ],
    ['words', '{ child(id: "Robert; DROP TABLE") { id } }', {}],
    ['a number and more', `{ child(id: "${JOINED}0") { id } }`, {}],
    ['a school', '{ school(urn: "1234567890123456") { name } }', {}],
    [
      'the name of what every object has',
      'query ($constructor: ID = "x") { child(id: $constructor) { id } }',
      {},
    ],
  ])('names nobody: %s', (_case, query, variables) => {
    expect(ids(query, variables)).toEqual([]);
  });

  test('what stands where no number can stand is not looked through', () => {
    const query = 'mutation ($on: Date!) { endInvolvement(childId: "a", id: "b", endedOn: $on) { id } }';
    expect(ids(query, { on: [JOINED, { deep: [JOINED] }] })).toEqual([]);
    expect(ids(query, { on: JOINED })).toEqual([]);
  });

  test('a child is named to a root field without a class as to one that is a person’s', () => {
    const classification = new Map(supergraph.classification);
    classification.delete('Query.child');
    const parsed = parser(`{ child(id: "${JOINED}") { id } }`, undefined);
    const found = namedSubjects({ ...supergraph, classification }, parsed, { selected: [] }, {});
    expect(found).toEqual([{ id: JOINED, coordinates: [] }]);
  });

  describe('in arguments of any shape', () => {
    const schema = buildSchema(`
      scalar Token
      input Pair { of: Who other: Who note: String count: Int }
      input Who { id: ID ids: [[ID!]!] token: Token }
      type Query { many(ids: [ID], pair: Pair, pairs: [Pair!], token: Token, count: Int): Int }
    `);
    const world = { ...supergraph, executor: { ...supergraph.executor, schema } };
    const namedIn = (query: string, variables: Readonly<Record<string, unknown>> = {}) =>
      namedSubjects(world, createParser(schema)(query, undefined), { selected: [] }, variables).map(
        ({ id }) => id,
      );

    test.each<[string, string, string[]]>([
      ['a list', `(ids: ["${JOINED}", null, "nobody", "${SHIELDED}"])`, [JOINED, SHIELDED]],
      ['a list of one, without brackets', `(ids: "${JOINED}")`, [JOINED]],
      ['no list at all', '(ids: null)', []],
      ['objects within objects', `(pair: { of: { id: "${JOINED}" }, other: { id: "x" } })`, [JOINED]],
      ['a text', `(pair: { note: "${JOINED}" })`, [JOINED]],
      ['no object at all', '(pair: null)', []],
      ['an object within that is null', `(pair: { of: null, other: { id: "${JOINED}" } })`, [JOINED]],
      ['lists of lists', `(pair: { of: { ids: [["${JOINED}"], ["${UNRELATED}"]] } })`, [JOINED, UNRELATED]],
      ['lists of objects', `(pairs: [{ of: { id: "${SHIELDED}" } }, {}])`, [SHIELDED]],
      ['what is neither an ID nor a text', `(token: "${JOINED}", count: 1)`, []],
      ['the same, within an object', `(pair: { of: { token: "${JOINED}" }, count: 1 })`, []],
      ['nothing', '', []],
    ])('%s', (_case, text, expected) => {
      expect(namedIn(`{ many${text} }`)).toEqual(expected);
    });

    test('arguments that do not fit name nobody, and a fault of ours is none of them', () => {
      const query = 'query ($ids: [ID]) { many(ids: $ids) }';
      const definition = schema.getQueryType()?.getFields()['many'];
      const [field] = rootFields(createParser(schema)(query, undefined));
      if (definition === undefined || field === undefined) throw new Error('There is no such field');
      expect(argumentsOf(definition, field, { ids: [JOINED] })).toEqual({ ids: [JOINED] });
      const needed = { ...definition, args: definition.args.map((each) => ({ ...each, type: NEEDED })) };
      expect(argumentsOf(needed, field, {})).toEqual({});
      const broken = {
        get ids(): unknown {
          throw new RangeError('out of memory');
        },
      };
      expect(() => argumentsOf(definition, field, broken)).toThrow(RangeError);
    });
  });
});

describe('rootFields', () => {
  const fieldsOf = (query: string, operation?: string) =>
    rootFields(parser(query, operation)).map(({ name }) => name.value);

  test('are those of the operation and of what it spreads, in the order of the text', () => {
    const query = `{ ...A ... { me { id } } school(urn: "1") { name } }
      fragment B on Query { myCaseload { hasNextPage } }
      fragment A on Query { __typename ...B }`;
    expect(fieldsOf(query)).toEqual(['__typename', 'myCaseload', 'me', 'school']);
  });

  test('each fragment counts once, however often it is spread', () => {
    const query = '{ ...A ... { ...A } ...B } fragment A on Query { me { id } } fragment B on Query { ...A }';
    expect(fieldsOf(query)).toEqual(['me']);
  });

  test('are of no other operation of the document, though it be called like the fragment', () => {
    const query = `query Q { ...Q } query R { myCaseload { hasNextPage } ...Q } fragment Q on Query { me { id } }`;
    expect(fieldsOf(query, 'Q')).toEqual(['me']);
    const reversed = `query R { ...Q } query Q { myCaseload { hasNextPage } } fragment Q on Query { me { id } }`;
    expect(fieldsOf(reversed, 'R')).toEqual(['me']);
  });
});

describe('subjectAccess', () => {
  async function access(
    facts: Facts,
    coordinates: readonly ReachedCoordinate[],
    role: Role = 'social-worker',
    purpose: PurposeOfUse = 'S47',
    id = JOINED,
  ) {
    const planned = planner.plan(
      parser('{ myCaseload { hasNextPage } }', undefined),
      principalOf(role),
      stating(purpose),
    );
    const decisions = decisionsFor(role, purpose, { [id]: facts });
    await decisions.decideFor([id]);
    return subjectAccess(planned, decisions, [{ id, coordinates }])[0];
  }
  const at = (subjectField: string, ...below: string[]): ReachedCoordinate[] =>
    [subjectField, ...below].map((coordinate) => ({ subjectField, coordinate }));

  test('says what was decided, whether or not there was a value, and by which policies', async () => {
    const decided = await access(ALLOCATED, [
      ...at('Child.familyName'),
      ...at('Child.conditions', 'Condition.name'),
      ...at('Child.missedAppointments', 'MissedAppointment.on'),
    ]);
    expect(decided).toMatchObject({
      child: JOINED,
      released: ['Child.familyName', 'Child.missedAppointments', 'MissedAppointment.on'],
      withheld: ['Child.conditions', 'Condition.name'],
    });
    expect(decided?.policies.length).toBeGreaterThan(0);
    expect(decided?.policies).toEqual([...new Set(decided?.policies)].sort());
  });

  test('what a shield hides is recorded as withheld, though nobody is told', async () => {
    expect(
      await access(
        TEAM_SHIELDED,
        [...at('Child.familyName'), ...at('Child.addresses')],
        'social-worker',
        'S47',
        SHIELDED,
      ),
    ).toMatchObject({
      child: SHIELDED,
      released: ['Child.familyName'],
      withheld: ['Child.addresses'],
    });
  });

  test('what is below a withheld field is withheld with it, be it public', async () => {
    const decided = await access(NO_RELATIONSHIP, at('Child.enrolments', 'Enrolment.school', 'School.name'));
    expect(decided).toMatchObject({
      released: [],
      withheld: ['Child.enrolments', 'Enrolment.school', 'School.name'],
    });
  });

  test('also what is below an object further down that is withheld', async () => {
    const below = { subjectField: 'Child.socialCare', through: ['SocialCare.reviews'] };
    const coordinates = [...at('Child.socialCare'), { ...below, coordinate: 'School.name' }];
    expect(await access(ALLOCATED, coordinates, 'social-worker', 'S17')).toMatchObject({
      released: ['Child.socialCare'],
      withheld: ['School.name'],
    });
    expect(await access(ALLOCATED, coordinates)).toMatchObject({
      released: ['Child.socialCare', 'School.name'],
      withheld: [],
    });
  });

  test('of a child that may not be known, everything is withheld', async () => {
    const decided = await access(
      NO_RELATIONSHIP,
      [...at('Child.familyName'), ...at('Child.enrolments', 'School.name')],
      'teacher',
      'ED',
    );
    expect(decided).toMatchObject({
      released: [],
      withheld: ['Child.enrolments', 'Child.familyName', 'School.name'],
    });
  });

  test('be it that a field of its own is public', async () => {
    const classification = new Map(supergraph.classification);
    classification.set('Child.sex', { class: 'REFERENCE', minimal: false });
    const planned = createPlanner({ ...supergraph, classification }, atBest).plan(
      parser('{ myCaseload { hasNextPage } }', undefined),
      principalOf('teacher'),
      stating('ED'),
    );
    const decisions = decisionsFor('teacher', 'ED', { [JOINED]: NO_RELATIONSHIP });
    await decisions.decideFor([JOINED]);
    const reached = [{ id: JOINED, coordinates: at('Child.sex') }];
    expect(subjectAccess(planned, decisions, reached)).toMatchObject([
      { released: [], withheld: ['Child.sex'] },
    ]);
  });

  test('a coordinate that was withheld in one of two places and released in the other stands as both', async () => {
    const [sealed, open] = [
      at('Child.mentalHealthService', 'Contact.name'),
      at('Child.designatedSafeguardingLead', 'Contact.name'),
    ];
    for (const coordinates of [
      [...sealed, ...open],
      [...open, ...sealed],
    ]) {
      const decided = await access(ALLOCATED, coordinates);
      expect(decided?.withheld).toEqual(['Child.mentalHealthService', 'Contact.name']);
      expect(decided?.released).toEqual(['Child.designatedSafeguardingLead', 'Contact.name']);
    }
  });

  test('each child stands there once', async () => {
    const planned = planner.plan(
      parser('{ myCaseload { hasNextPage } }', undefined),
      principalOf('social-worker'),
      stating('S47'),
    );
    const decisions = decisionsFor('social-worker', 'S47', {
      [JOINED]: ALLOCATED,
      [UNRELATED]: NO_RELATIONSHIP,
    });
    await decisions.decideFor([JOINED, UNRELATED]);
    const subjects = subjectAccess(planned, decisions, [
      { id: JOINED, coordinates: at('Child.familyName') },
      { id: UNRELATED, coordinates: at('Child.familyName') },
      { id: JOINED, coordinates: at('Child.sex') },
    ]);
    expect(subjects.map(({ child, released }) => [child, released])).toEqual([
      [JOINED, ['Child.familyName', 'Child.sex']],
      [UNRELATED, ['Child.familyName']],
    ]);
  });

  test('children of one place are told apart by what was decided of each', async () => {
    const planned = planner.plan(
      parser('{ myCaseload { hasNextPage } }', undefined),
      principalOf('social-worker'),
      stating('S47'),
    );
    const known = { [JOINED]: ALLOCATED, [SHIELDED]: TEAM_SHIELDED, [UNRELATED]: NO_RELATIONSHIP };
    const coordinates = [...at('Child.familyName'), ...at('Child.addresses')];
    const reached = Object.keys(known).map((id) => ({ id, coordinates }));
    for (const order of [reached, reached.toReversed(), reached]) {
      const decisions = decisionsFor('social-worker', 'S47', known);
      await decisions.decideFor(Object.keys(known));
      const released = subjectAccess(planned, decisions, order).map((each) => [each.child, each.released]);
      expect(Object.fromEntries(released)).toEqual({
        [JOINED]: ['Child.addresses', 'Child.familyName'],
        [SHIELDED]: ['Child.familyName'],
        [UNRELATED]: ['Child.familyName'],
      });
    }
    // The relationship has ended since: the same child, the same operation.
    const later = decisionsFor('social-worker', 'S47', { [JOINED]: NO_RELATIONSHIP });
    await later.decideFor([JOINED]);
    expect(subjectAccess(planned, later, reached.slice(0, 1))).toMatchObject([
      { child: JOINED, released: ['Child.familyName'], withheld: ['Child.addresses'] },
    ]);
  });

  test('and by what the operation may show at best', async () => {
    const coordinates = at('Child.conditions');
    const [nurse, worker] = (['school-nurse', 'social-worker'] as const).map((role) =>
      planner.plan(
        parser('{ myCaseload { hasNextPage } }', undefined),
        principalOf(role),
        stating(role === 'school-nurse' ? 'DC' : 'S47'),
      ),
    );
    const decisions = decisionsFor('school-nurse', 'DC', { [JOINED]: TEAM });
    await decisions.decideFor([JOINED]);
    const accessBy = (planned: typeof nurse) =>
      planned && subjectAccess(planned, decisions, [{ id: JOINED, coordinates }])[0]?.released;
    expect(accessBy(nurse)).toEqual(['Child.conditions']);
    expect(accessBy(worker)).toEqual([]);
    expect(accessBy(nurse)).toEqual(['Child.conditions']);
  });

  test('a child without a decision stops the request', async () => {
    const planned = planner.plan(
      parser('{ myCaseload { hasNextPage } }', undefined),
      principalOf('social-worker'),
      stating('S47'),
    );
    const decisions = decisionsFor('social-worker', 'S47', {});
    expect(() =>
      subjectAccess(planned, decisions, [{ id: JOINED, coordinates: at('Child.familyName') }]),
    ).toThrow('without a decision');
  });
});
