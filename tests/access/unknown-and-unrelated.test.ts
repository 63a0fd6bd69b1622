import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, startTestSystem, type TestSystem } from '../running-system.ts';
import { BY_IDENTIFIER, END, FIND, RECORD } from './operations/doors.ts';
import { VIEW } from './operations/joined-view.ts';
import { codeOf, reasonsOf } from './reasons.ts';

/** ContactPoint number of nobody. */
const NOBODY = 'ZZZZZZZZZZZZZZZZ';
/** A UPN and an NHS number with sound check digits that nobody has. */
const UPN_OF_NOBODY = 'B801200005001';
const NHS_NUMBER_OF_NOBODY = '9434765870';

let system: TestSystem;
let directory: postgres.Sql;

beforeAll(async () => {
  system = await startTestSystem();
  directory = postgres(system.databases.directory, { max: 1 });
});
afterAll(async () => {
  await directory?.end();
  await system?.remove();
});

type Situation = 'joined' | 'unrelated' | 'shielded' | 'empty' | 'sensitive';

async function numberOf(situation: Situation, kind: string): Promise<string> {
  const [row] = await directory<{ value: string }[]>`
    select value from identifier where child_id = ${system.scenarios[situation]} and system = ${kind}`;
  if (row === undefined) throw new Error(`${situation} has no ${kind}`);
  return row.value;
}

async function identityOf(situation: Situation) {
  const [row] = await directory<{ familyName: string; givenName: string; dateOfBirth: string }[]>`
    select family_name as "familyName", given_names[1] as "givenName", date_of_birth::text as "dateOfBirth"
    from child where id = ${system.scenarios[situation]}`;
  if (row === undefined) throw new Error(`no ${situation}`);
  return row;
}

const byIdentifier = (persona: string, purpose: string, kind: string, value: string) =>
  system.ask(persona, { query: BY_IDENTIFIER, variables: { system: kind, value }, purpose });

/** Everything that a caller could tell two answers apart by, except that they are two. */
function impression({ status, headers, text }: Answer) {
  const { date: _date, 'access-log': _receipt, ...rest } = headers;
  return { status, headers: rest, text };
}

describe('to a role that may not search', () => {
  const roles = [
    ['teacher', 'ED'],
    ['camhs-clinician', 'DC'],
    ['reviewing-officer', 'REV'],
    ['voluntary-worker', 'EH'],
  ] as const;

  test.each(roles)(
    '%s: an unknown, an unrelated and a senseless number are one answer',
    async (role, purpose) => {
      const ask = (id: string) => system.ask(role, { query: VIEW, variables: { id }, purpose });
      const unrelated = await ask(system.scenarios.unrelated);
      expect(unrelated.body.data).toEqual({ child: null });
      expect(reasonsOf(unrelated)).toEqual({ child: 'RELATIONSHIP' });
      expect(impression(await ask(NOBODY))).toEqual(impression(unrelated));
      expect(impression(await ask('no number'))).toEqual(impression(unrelated));
    },
  );

  test.each(roles)('%s: the same by identifier', async (role, purpose) => {
    const [unrelated, unknown] = [
      await byIdentifier(role, purpose, 'CONTACTPOINT', system.scenarios.unrelated),
      await byIdentifier(role, purpose, 'CONTACTPOINT', NOBODY),
    ];
    expect(reasonsOf(unrelated)).toEqual({ childByIdentifier: 'RELATIONSHIP' });
    expect(impression(unknown)).toEqual(impression(unrelated));
  });

  test.each([
    ['teacher', 'ED', 'UPN', UPN_OF_NOBODY],
    ['camhs-clinician', 'DC', 'NHS_NUMBER', NHS_NUMBER_OF_NOBODY],
    ['reviewing-officer', 'REV', 'LOCAL_AUTHORITY_CHILD_ID', 'nobody'],
  ])('%s: the same by %s %s', async (role, purpose, kind, ofNobody) => {
    const unrelated = await byIdentifier(role, purpose, kind, await numberOf('unrelated', kind));
    expect(reasonsOf(unrelated)).toEqual({ childByIdentifier: 'RELATIONSHIP' });
    expect(impression(await byIdentifier(role, purpose, kind, ofNobody))).toEqual(impression(unrelated));
    expect(impression(await byIdentifier(role, purpose, kind, 'senseless'))).toEqual(impression(unrelated));
  });

  test.each(roles)('%s: the same by a mutation, and nothing is recorded', async (role, purpose) => {
    const record = (childId: string) =>
      system.ask(role, {
        query: RECORD,
        variables: { input: { childId, service: 'Curiosity', from: '2026-11-01' } },
        purpose,
      });
    const end = (childId: string) =>
      system.ask(role, { query: END, variables: { childId, id: 'any', endedOn: '2026-11-01' }, purpose });
    expect(impression(await record(NOBODY))).toEqual(impression(await record(system.scenarios.unrelated)));
    expect(impression(await end(NOBODY))).toEqual(impression(await end(system.scenarios.unrelated)));
    expect(await directory`select from involvement where service = 'Curiosity'`).toHaveLength(0);
  });

  test.each([...roles, ['auditor', 'AUD'], ['administrator', 'AUD']] as const)(
    '%s: there is no search',
    async (role, purpose) => {
      const answer = await system.ask(role, {
        query: FIND,
        variables: { criteria: await identityOf('joined') },
        purpose,
      });
      expect(answer.body.data).toEqual({ findChildren: null });
      expect(reasonsOf(answer)).toEqual({ findChildren: 'POLICY' });
    },
  );
});

describe('to a role that may search', () => {
  test.each([
    ['social-worker', 'S47'],
    ['safeguarding-lead', 'ED'],
    ['education-welfare-officer', 'CME'],
    ['general-practitioner', 'DC'],
    ['school-nurse', 'DC'],
  ])('%s: an unrelated child is an identity and RELATIONSHIP for the rest', async (role, purpose) => {
    const answer = await system.ask(role, {
      query:
        'query ($id: ID!) { child(id: $id) { id givenNames familyName dateOfBirth sex localAuthority addresses { town } } }',
      variables: { id: system.scenarios.unrelated },
      purpose,
    });
    expect(answer.body.data.child).toEqual({
      id: system.scenarios.unrelated,
      givenNames: expect.any(Array),
      familyName: expect.any(String),
      dateOfBirth: expect.any(String),
      sex: expect.any(String),
      localAuthority: null,
      addresses: null,
    });
    expect(reasonsOf(answer)).toEqual({
      'child.localAuthority': 'RELATIONSHIP',
      'child.addresses': 'RELATIONSHIP',
    });
    const unknown = await system.ask(role, { query: VIEW, variables: { id: NOBODY }, purpose });
    expect(unknown.body).toEqual({ data: { child: null } });
  });

  test.each([
    ['social-worker', 'S47'],
    ['mash-screener', 'S47'],
    ['safeguarding-lead', 'ED'],
    ['education-welfare-officer', 'CME'],
    ['emergency-clinician', 'EC'],
    ['general-practitioner', 'DC'],
    ['school-nurse', 'DC'],
    ['police-child-abuse', 'S47'],
    ['identity-steward', 'MATCH'],
  ])(
    '%s finds the child first, and learns no more than the child itself would tell',
    async (role, purpose) => {
      const answer = await system.ask(role, {
        query: FIND,
        variables: { criteria: await identityOf('unrelated') },
        purpose,
      });
      const [first] = answer.body.data.findChildren.candidates;
      expect(first.child.id).toBe(system.scenarios.unrelated);
      expect(first.score).toBeGreaterThan(0.9);
      const direct = await system.ask(role, {
        query: 'query ($id: ID!) { child(id: $id) { localAuthority involvements { id } } }',
        variables: { id: system.scenarios.unrelated },
        purpose,
      });
      const { id: _id, familyName: _name, ...found } = first.child;
      expect(found).toEqual(direct.body.data.child);
    },
  );

  test.each([
    ['a blank name', { familyName: ' ' }],
    ['a wildcard', { familyName: 'P%' }],
    ['a day that is none', { dateOfBirth: '2016-02-30' }],
    ['a day to come', { dateOfBirth: '2099-01-01' }],
    ['a blank postcode', { postcode: ' ' }],
  ])('%s finds nobody', async (_case, change) => {
    const criteria = { ...(await identityOf('joined')), ...change };
    const answer = await system.ask('social-worker', {
      query: FIND,
      variables: { criteria },
      purpose: 'S47',
    });
    expect(answer.body.data).toEqual({ findChildren: null });
    expect(codeOf(answer)).toBe('BAD_USER_INPUT');
  });

  test('a postcode filters only where the caller may read it of that child', async () => {
    const [address] = await directory<{ postcode: string }[]>`
      select postcode from address where child_id = ${system.scenarios.shielded} and lived_to is null`;
    const criteria = { ...(await identityOf('shielded')), postcode: address?.postcode };
    const find = async (role: string, purpose: string) => {
      const answer = await system.ask(role, { query: FIND, variables: { criteria }, purpose });
      return answer.body.data.findChildren.candidates?.length ?? 0;
    };
    expect(await find('social-worker', 'S47')).toBe(1);
    expect(await find('general-practitioner', 'DC')).toBe(0);
    expect(await find('mash-screener', 'S47')).toBe(0);
    expect(await find('emergency-clinician', 'EC')).toBe(0);
  });
});

describe('by the number of another body', () => {
  const PURPOSES = [
    ['social-worker', 'S47', 'NHS_NUMBER UPN LOCAL_AUTHORITY_CHILD_ID'],
    ['mash-screener', 'S47', 'NHS_NUMBER LOCAL_AUTHORITY_CHILD_ID'],
    ['safeguarding-lead', 'ED', 'UPN'],
    ['teacher', 'ED', 'UPN'],
    ['education-welfare-officer', 'CME', 'UPN LOCAL_AUTHORITY_CHILD_ID'],
    ['emergency-clinician', 'EC', 'NHS_NUMBER'],
    ['general-practitioner', 'DC', 'NHS_NUMBER'],
    ['school-nurse', 'DC', 'NHS_NUMBER'],
    ['reviewing-officer', 'REV', 'LOCAL_AUTHORITY_CHILD_ID'],
    ['police-child-abuse', 'S47', 'NHS_NUMBER'],
    ['identity-steward', 'MATCH', 'NHS_NUMBER UPN'],
    ['voluntary-worker', 'EH', ''],
  ] as const;

  test.each(PURPOSES)('%s for %s may use: %s', async (role, purpose, systems) => {
    for (const kind of ['NHS_NUMBER', 'UPN', 'LOCAL_AUTHORITY_CHILD_ID']) {
      const answer = await byIdentifier(role, purpose, kind, await numberOf('joined', kind));
      if (systems.split(' ').includes(kind)) {
        expect([kind, answer.body.data.childByIdentifier?.id]).toEqual([kind, system.scenarios.joined]);
      } else {
        expect([kind, answer.body.data, reasonsOf(answer)]).toEqual([
          kind,
          { childByIdentifier: null },
          { childByIdentifier: 'POLICY' },
        ]);
      }
    }
  });

  test.each([
    ['social-worker', 'S47'],
    ['teacher', 'ED'],
    ['safeguarding-lead', 'ED'],
    ['identity-steward', 'MATCH'],
  ])('%s: a UPN never finds a shielded child, not even for who may read it', async (role, purpose) => {
    const upn = await numberOf('shielded', 'UPN');
    const shielded = await byIdentifier(role, purpose, 'UPN', upn);
    expect(shielded.body.data).toEqual({ childByIdentifier: null });
    expect(impression(await byIdentifier(role, purpose, 'UPN', UPN_OF_NOBODY))).toEqual(impression(shielded));
  });

  test('a local authority finds its own number and no other one’s', async () => {
    await directory`
      insert into identifier (system, authority, value, child_id)
      values ('LOCAL_AUTHORITY_CHILD_ID', '976', 'elsewhere-1', ${system.scenarios.joined})`;
    const foreign = await byIdentifier('social-worker', 'S47', 'LOCAL_AUTHORITY_CHILD_ID', 'elsewhere-1');
    expect(foreign.body).toEqual({ data: { childByIdentifier: null } });
  });
});
