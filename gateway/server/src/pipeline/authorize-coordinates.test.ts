import type { PurposeOfUse } from '@contactpoint/access/purpose';
import type { Role } from '@contactpoint/access/role';
import { buildSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import { contractSupergraph } from '../testing/contract-supergraph.ts';
import { atBest, stating } from '../testing/decisions.ts';
import { principalOf } from '../testing/personas.ts';
import {
  authorizeCoordinates,
  refusedCoordinates,
  sectorOf,
  touchesSubject,
  type UnmetCoordinates,
} from './authorize-coordinates.ts';
import { selectedCoordinates } from './operation-coordinates.ts';
import { createParser } from './parse.ts';

const supergraph = contractSupergraph();
const { schema } = supergraph.executor;
const parser = createParser(schema);
const select = (query: string) =>
  selectedCoordinates(schema, parser(query, undefined), supergraph.subjectTypes);

const JOINED_VIEW = `query ($id: ID!) {
  child(id: $id) {
    familyName
    addresses { town postcode }
    involvements { service }
    attendance { academicYear sessionsAttended }
    missedAppointments { on setting }
    conditions { name }
    mentalHealthService { name }
    socialCare { status allocatedWorker { name } childProtectionPlans { startedOn } }
  }
}`;

function refusalsOf(role: Role, purpose: PurposeOfUse, query = JOINED_VIEW) {
  const principal = principalOf(role);
  return authorizeCoordinates(
    supergraph,
    select(query),
    refusedCoordinates(supergraph, { principal, mediator: undefined }),
    atBest(principal, stating(purpose)),
  );
}

function reasons(role: Role, purpose: PurposeOfUse, query = JOINED_VIEW): Record<string, string> {
  const { places } = refusalsOf(role, purpose, query);
  return Object.fromEntries(places.map(({ path, reason }) => [path.join('.'), reason]));
}

describe('authorizeCoordinates', () => {
  test('a teacher’s joined view is planned without health’s record', () => {
    const { refused } = refusalsOf('teacher', 'ED');
    for (const coordinate of [
      'Child.conditions',
      'Condition.name',
      'Child.missedAppointments',
      'MissedAppointment.on',
      'Child.mentalHealthService',
      'Child.involvements',
      'Child.socialCare',
      'SocialCare.status',
    ])
      expect(refused, coordinate).toContain(coordinate);
    for (const coordinate of [
      'Query.child',
      'Child.familyName',
      'Child.addresses',
      'Address.town',
      'Child.attendance',
      'Attendance.academicYear',
    ])
      expect(refused, coordinate).not.toContain(coordinate);
  });

  test('what the minimal subset leaves out is refused beside what it holds', () => {
    const { refused } = refusalsOf('teacher', 'ED');
    expect(refused).toContain('Address.postcode');
    expect(refused).toContain('Attendance.sessionsAttended');
  });

  test('a social worker’s enquiry is planned with the minimal subset of health', () => {
    const { refused } = refusalsOf('social-worker', 'S47');
    expect([...refused].filter((coordinate) => coordinate.startsWith('MissedAppointment'))).toEqual([]);
    expect(refused).toContain('Child.conditions');
    expect(refused).not.toContain('SocialCare.childProtectionPlans');
  });

  test.each<[string, Role, PurposeOfUse, string, string | undefined]>([
    ['no policy of the role', 'teacher', 'ED', 'child.conditions', 'POLICY'],
    ['a purpose outside the role’s row', 'social-worker', 'DC', 'child.familyName', 'PURPOSE'],
    ['the door itself, with such a purpose', 'social-worker', 'DC', 'child', 'PURPOSE'],
    ['another purpose of the row', 'social-worker', 'EH', 'child.missedAppointments', 'PURPOSE'],
    ['a role without children', 'auditor', 'AUD', 'child', 'POLICY'],
    [
      'what is sealed has no reason to be told',
      'social-worker',
      'S47',
      'child.mentalHealthService',
      undefined,
    ],
    ['what a relationship decides is no refusal here', 'social-worker', 'S47', 'child.familyName', undefined],
  ])('%s', (_case, role, purpose, place, reason) => {
    expect(reasons(role, purpose)[place]).toBe(reason);
  });

  test('what is sealed is not planned, and nobody is told', () => {
    expect(refusalsOf('social-worker', 'S47').refused).toContain('Child.mentalHealthService');
  });

  test('a scope that the role lacks comes before everything else', () => {
    const query = '{ checkpoints { rootHash } }';
    expect(reasons('teacher', 'ED', query)).toEqual({
      checkpoints: 'SCOPE',
      'checkpoints.rootHash': 'SCOPE',
    });
    expect(reasons('auditor', 'AUD', query)).toEqual({});
    const shield = 'mutation { shieldChild(id: "8Z4K2M0QWX7R5T1B", reason: "r") { id } }';
    expect(reasons('teacher', 'S47', shield)['shieldChild']).toBe('SCOPE');
    expect(reasons('social-worker', 'S47', shield)).toEqual({});
  });

  test('without a purpose nothing above REFERENCE is attainable', () => {
    const { places } = authorizeCoordinates(
      supergraph,
      select('{ child(id: "1") { id } me { name } }'),
      new Map(),
      undefined,
    );
    expect(places).toEqual([
      { path: ['child'], reason: 'PURPOSE' },
      { path: ['child', 'id'], reason: 'PURPOSE' },
    ]);
  });

  test('one type under two sectors’ fields is planned where one of them may show it, and refused at the other', () => {
    const query = `query ($id: ID!) { child(id: $id) { designatedSafeguardingLead { name } sexualHealthService { name } } }`;
    const { refused, places, verdict } = refusalsOf('social-worker', 'S47', query);
    expect([...refused]).toEqual(['Child.sexualHealthService']);
    expect(places).toEqual([]);
    expect(verdict('Child.designatedSafeguardingLead', 'Contact.name')).toBeUndefined();
  });

  test('a type that one sector’s record may show is planned, and still refused below another’s', () => {
    const classification = new Map(supergraph.classification);
    classification.set('Contact.name', { class: 'STATUS', minimal: false });
    const query = `query ($id: ID!) {
      child(id: $id) { designatedSafeguardingLead { name } socialCare { allocatedWorker { name } } }
    }`;
    const { refused, places } = authorizeCoordinates(
      { ...supergraph, classification },
      select(query),
      new Map(),
      atBest(principalOf('social-worker'), stating('EH')),
    );
    expect(refused).not.toContain('Contact.name');
    expect(places.map(({ path }) => path.join('.'))).toEqual(['child.designatedSafeguardingLead.name']);
  });

  test('places are those of the response, by alias and through fragments', () => {
    const query = `query ($id: ID!) { kid: child(id: $id) { ...H } } fragment H on Child { ... { illness: conditions { what: name } } }`;
    expect(Object.keys(reasons('teacher', 'ED', query))).toEqual(['kid.illness', 'kid.illness.what']);
  });

  test('a coordinate without a class is refused', () => {
    const { verdict, under } = refusalsOf('social-worker', 'S47');
    const refused = { released: false, reason: 'POLICY', policies: [] };
    expect(verdict('Child.unheardOf', 'Child.unheardOf')).toEqual(refused);
    const best = atBest(principalOf('social-worker'), stating('S47'));
    expect(under(best).of('Child.unheardOf', 'Child.unheardOf')).toEqual(refused);
  });

  test('what no policy of a child decides is refused by none', () => {
    const { verdict } = refusalsOf('teacher', 'ED', '{ checkpoints { rootHash } }');
    expect(verdict(undefined, 'Query.checkpoints')).toEqual({
      released: false,
      reason: 'SCOPE',
      policies: [],
    });
    const unstated = authorizeCoordinates(supergraph, [], new Map(), undefined);
    expect(unstated.verdict('Child.sex', 'Child.sex')).toEqual({
      ...{ released: false, reason: 'PURPOSE', policies: [] },
    });
  });

  test('without a decision everything of a child is withheld, and by no policy', () => {
    const { under } = refusalsOf('social-worker', 'S47');
    expect(under(undefined).of('Child.familyName', 'Child.familyName')).toEqual({
      ...{ released: false, reason: 'POLICY', policies: [] },
    });
  });

  test('a refusal is decided once, and so is all that is said under one decision', () => {
    const { verdict, under } = refusalsOf('teacher', 'ED');
    const refused = verdict('Child.conditions', 'Condition.name');
    expect(refused).toMatchObject({ released: false });
    expect(verdict('Child.conditions', 'Condition.name')).toBe(refused);
    expect(verdict('Child.mentalHealthService', 'Contact.name')).not.toBe(refused);

    const [best, other] = [
      atBest(principalOf('teacher'), stating('ED')),
      atBest(principalOf('social-worker'), stating('S47')),
    ];
    expect(under(best)).toBe(under(best));
    expect(under(undefined)).toBe(under(undefined));
    expect(new Set([under(best), under(other), under(undefined)]).size).toBe(3);
  });

  describe('an interface', () => {
    const contacts = buildSchema(`
      type Query { contact: Contact }
      interface Contact { name: String }
      type Worker implements Contact { name: String }
      type Office implements Contact { name: String }
    `);
    const classified = ['Query.contact', 'Worker.name', 'Office.name'].map(
      (each) => [each, { class: 'REFERENCE', minimal: false }] as const,
    );
    const world = { ...supergraph, classification: new Map(classified) };
    const asked = selectedCoordinates(
      contacts,
      createParser(contacts)('{ contact { name } }', undefined),
      new Set(),
    );
    const refusedUnder = (unmet: UnmetCoordinates) => {
      const { refused, places } = authorizeCoordinates(world, asked, unmet, undefined);
      return [[...refused], places];
    };

    test('has no class of its own: what no rule speaks of is decided by its implementers', () => {
      expect(refusedUnder(new Map())).toEqual([[], []]);
    });

    test('is refused by a rule of its own, beside implementers who have none', () => {
      expect(refusedUnder(new Map([['Contact.name', 'SCOPE']]))).toEqual([
        ['Contact.name'],
        [{ path: ['contact', 'name'], reason: 'SCOPE' }],
      ]);
    });
  });
});

describe('refusedCoordinates', () => {
  test('who reads for a colleague has one door, and is refused what either of the two is', () => {
    const [principal, mediator] = [principalOf('auditor'), principalOf('teacher')];
    const own = refusedCoordinates(supergraph, { principal, mediator: undefined });
    expect(own.get('Query.myCaseload')).toBeUndefined();
    expect(own.get('Query.checkpoints')).toBeUndefined();

    const mediated = refusedCoordinates(supergraph, { principal, mediator });
    const roots = Object.keys(schema.getQueryType()?.getFields() ?? {}).map((name) => `Query.${name}`);
    expect(roots.filter((each) => !mediated.has(each))).toEqual(['Query.child']);
    expect(mediated.get('Query.myCaseload')).toBe('POLICY');
    expect(mediated.get('Query.checkpoints')).toBe('SCOPE');
  });
});

describe('sectorOf', () => {
  test('is that of the field of the child, and the directory’s where there is none', () => {
    expect(sectorOf(supergraph, 'Child.conditions')).toBe('HEALTH');
    expect(sectorOf(supergraph, 'Child.unheardOf')).toBe('DIRECTORY');
    expect(sectorOf(supergraph, undefined)).toBe('DIRECTORY');
  });
});

describe('touchesSubject', () => {
  test.each<[string, boolean]>([
    ['{ me { name } }', false],
    ['{ school(urn: "1") { name } }', false],
    ['{ __schema { types { name } } }', false],
    ['{ checkpoints { size } }', false],
    ['{ child(id: "1") { id } }', true],
    ['{ child(id: "1") { __typename } }', true],
    ['{ me { name } ... { ...C } } fragment C on Query { kid: child(id: "1") { __typename } }', true],
    ['query ($no: Boolean!) { me { name } child(id: "1") @include(if: $no) { id } }', true],
    ['{ myCaseload { hasNextPage } }', true],
    ['mutation { endInvolvement(childId: "1", id: "2", endedOn: "2026-01-01") { __typename } }', true],
  ])('%s: %s', (query, touches) => {
    expect(touchesSubject(supergraph, select(query))).toBe(touches);
  });

  test('what has no class may be a person’s', () => {
    const place = { subjectField: undefined, through: [], rootKey: 'x', path: ['x'] };
    expect(touchesSubject(supergraph, [{ ...place, coordinate: 'Query.unheardOf' }])).toBe(true);
    expect(touchesSubject(supergraph, [])).toBe(false);
  });
});
