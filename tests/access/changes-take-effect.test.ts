import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, startTestSystem, type TestSystem } from '../running-system.ts';
import { leafOf, readAskedLeaves } from './access-log.ts';
import { BY_IDENTIFIER, END, OWN, PLACE, RECORD, SHIELD, UNSHIELD } from './operations/doors.ts';
import { codeOf, reasonsOf } from './reasons.ts';

/** What a relationship, a shield or its end may take to be felt, milliseconds, and the time of the request that feels it. */
const WITHIN = { timeout: 1_200, interval: 25 };

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

const today = () => new Date().toISOString().slice(0, 10);
const REASON = 'The father has threatened the family';

const place = (persona: string, purpose: string, id: string) =>
  system.ask(persona, { query: PLACE, variables: { id }, purpose });
const record = (persona: string, purpose: string, input: Readonly<Record<string, unknown>>) =>
  system.ask(persona, { query: RECORD, variables: { input: { from: today(), ...input } }, purpose });
const shield = (persona: string, purpose: string, id: string) =>
  system.ask(persona, { query: SHIELD, variables: { id, reason: REASON }, purpose });
const unshield = (persona: string, purpose: string, id: string) =>
  system.ask(persona, { query: UNSHIELD, variables: { id, reason: REASON }, purpose });

/** Leaves that came after the first `known`. */
async function newEvents(known: number) {
  return (await readAskedLeaves(system)).slice(known).map(({ event }) => event);
}

describe('an involvement that a practitioner records', () => {
  test('opens the child to them, and ends with their word', async () => {
    const { unrelated } = system.scenarios;
    const before = await place('school-nurse', 'DC', unrelated);
    expect(reasonsOf(before)).toMatchObject({ 'child.involvements': 'RELATIONSHIP' });

    const recorded = await record('school-nurse', 'DC', { childId: unrelated, service: 'School nursing' });
    expect(recorded.body.errors).toBeUndefined();
    expect(recorded.body.data.recordInvolvement).toMatchObject({
      localAuthority: '975',
      registeredPractice: { odsCode: expect.any(String) },
    });
    await expect
      .poll(async () => (await place('school-nurse', 'DC', unrelated)).body.errors, WITHIN)
      .toBeUndefined();

    const own = await system.ask('school-nurse', { query: OWN, variables: { id: unrelated }, purpose: 'DC' });
    const [mine] = own.body.data.child.ownInvolvements;
    expect(mine.service).toBe('School nursing');
    const ended = await system.ask('school-nurse', {
      query: END,
      variables: { childId: unrelated, id: mine.id, endedOn: today() },
      purpose: 'DC',
    });
    expect(ended.body).toEqual({ data: { endInvolvement: { id: unrelated } } });
    await expect
      .poll(async () => reasonsOf(await place('school-nurse', 'DC', unrelated)), WITHIN)
      .toMatchObject({ 'child.involvements': 'RELATIONSHIP', 'child.registeredPractice': 'RELATIONSHIP' });
  });

  test('opens nothing to their colleagues, and is told to their privacy officer without an identity', async () => {
    const { unrelated } = system.scenarios;
    await record('general-practitioner', 'DC', { childId: unrelated, service: 'Locum' });
    expect(reasonsOf(await place('school-nurse', 'DC', unrelated))).toMatchObject({
      'child.involvements': 'RELATIONSHIP',
    });
    const alerts = await directory`select * from privacy_alert where organisation_id = 'PRACTICE-Z99001'`;
    expect(alerts).toHaveLength(1);
    expect(JSON.stringify(alerts)).not.toContain(unrelated);
    expect(JSON.stringify(alerts)).not.toContain('general-practitioner');
  });

  test('cannot be ended by somebody else', async () => {
    const { joined } = system.scenarios;
    const [theirs] = await directory<{ id: string }[]>`
      select id from involvement where child_id = ${joined} and practitioner_id = 'p-teacher'`;
    const answer = await system.ask('social-worker', {
      query: END,
      variables: { childId: joined, id: theirs?.id, endedOn: today() },
      purpose: 'S47',
    });
    expect(codeOf(answer)).toBe('BAD_USER_INPUT');
    expect((await place('teacher', 'ED', joined)).body.data.child.localAuthority).toBe('975');
  });

  test.each([
    ['a sensitive service without a basis', { sensitiveService: true }],
    ['a day to come', { from: '2099-01-01' }],
    ['a service without a name', { service: '  ' }],
  ])('with %s is refused', async (_case, change) => {
    const { joined } = system.scenarios;
    const answer = await record('general-practitioner', 'DC', {
      childId: joined,
      service: 'Refused',
      ...change,
    });
    expect(answer.body.data).toEqual({ recordInvolvement: null });
    expect(codeOf(answer)).toBe('BAD_USER_INPUT');
    expect(await directory`select from involvement where service = 'Refused'`).toHaveLength(0);
  });

  test('of a sensitive service shows everybody a broker and nothing else', async () => {
    const { joined } = system.scenarios;
    await record('general-practitioner', 'DC', {
      childId: joined,
      service: 'Substance misuse clinic',
      sensitiveService: true,
      basis: 'EXPLICIT_CONSENT',
    });
    const answer = await system.ask('reviewing-officer', {
      query: `query ($id: ID!) { child(id: $id) { involvements {
        id sector service practitionerName practitionerRole phone email from to isLead brokered } } }`,
      variables: { id: joined },
      purpose: 'REV',
    });
    expect(answer.text).not.toContain('Substance');
    const brokered = answer.body.data.child.involvements.filter(
      (each: { brokered: boolean }) => each.brokered,
    );
    expect(brokered).toEqual([
      {
        id: expect.any(String),
        brokered: true,
        phone: '01632 960999',
        ...{ sector: null, service: null, practitionerName: null, practitionerRole: null },
        ...{ email: null, from: null, to: null, isLead: null },
      },
    ]);
  });
});

describe('a shield', () => {
  const shielded = async (id: string) => (await place('general-practitioner', 'DC', id)).body;
  const hidden = (id: string, familyName: string) => ({
    data: {
      child: {
        id,
        familyName,
        localAuthority: null,
        nhsNumber: null,
        involvements: null,
        registeredPractice: null,
      },
    },
  });

  test.each([
    ['social-worker', 'S47'],
    ['identity-steward', 'MATCH'],
  ])('that %s puts up is felt by everybody, and so is its end', async (persona, purpose) => {
    const { sensitive } = system.scenarios;
    const open = await shielded(sensitive);
    expect(open.data.child).toMatchObject({ localAuthority: '975', involvements: expect.any(Array) });
    const [upn] = await directory<{ value: string }[]>`
      select value from identifier where child_id = ${sensitive} and system = 'UPN'`;
    const byUpn = async () => {
      const variables = { system: 'UPN', value: upn?.value };
      const answer = await system.ask('teacher', { query: BY_IDENTIFIER, variables, purpose: 'ED' });
      return answer.body.data.childByIdentifier?.id ?? null;
    };
    expect(await byUpn()).toBe(sensitive);

    expect((await shield(persona, purpose, sensitive)).body).toEqual({
      data: { shieldChild: { id: sensitive } },
    });
    await expect
      .poll(() => shielded(sensitive), WITHIN)
      .toEqual(hidden(sensitive, open.data.child.familyName));
    expect(await byUpn()).toBeNull();
    const allocated = await place('social-worker', 'S47', sensitive);
    expect(allocated.body.data.child).toMatchObject({
      localAuthority: '975',
      involvements: expect.any(Array),
    });

    expect((await unshield(persona, purpose, sensitive)).body).toEqual({
      data: { unshieldChild: { id: sensitive } },
    });
    await expect.poll(() => shielded(sensitive), WITHIN).toEqual(open);
    expect(await byUpn()).toBe(sensitive);
  });

  test('is put up again with the same answer, so that shielding does not tell who is shielded', async () => {
    const ask = (id: string) => shield('identity-steward', 'MATCH', id);
    const [already, anew] = [await ask(system.scenarios.shielded), await ask(system.scenarios.twins[0])];
    expect(already.text.replace(system.scenarios.shielded, '')).toBe(
      anew.text.replace(system.scenarios.twins[0], ''),
    );
  });

  test.each([
    ['teacher', 'ED', 'joined', 'SCOPE'],
    ['safeguarding-lead', 'ED', 'joined', 'SCOPE'],
    ['reviewing-officer', 'REV', 'joined', 'SCOPE'],
    ['administrator', 'AUD', 'joined', 'SCOPE'],
    ['social-worker', 'S47', 'unrelated', 'RELATIONSHIP'],
  ] as const)('is not for %s to put up or to lift (%s, %s)', async (persona, purpose, situation, reason) => {
    const id = system.scenarios[situation];
    expect(reasonsOf(await shield(persona, purpose, id))).toMatchObject({ shieldChild: reason });
    expect(reasonsOf(await unshield(persona, purpose, id))).toMatchObject({ unshieldChild: reason });
    expect(await directory`select from shield where child_id = ${id} and lifted_at is null`).toHaveLength(0);
  });

  test('is neither set nor lifted by a worker who made the relationship alone', async () => {
    const id = system.scenarios.twins[1];
    await directory`update child set local_authority = '975' where id = ${id}`;
    await record('social-worker', 'S47', { childId: id, service: 'Duty team' });
    expect(reasonsOf(await shield('social-worker', 'S47', id))).toEqual({ shieldChild: 'RELATIONSHIP' });
    expect((await place('social-worker', 'S47', id)).body.data.child.localAuthority).toBe('975');
    expect((await shield('identity-steward', 'MATCH', id)).body.errors).toBeUndefined();
    expect(reasonsOf(await unshield('social-worker', 'S47', id))).toEqual({ unshieldChild: 'RELATIONSHIP' });
    const seen = await place('social-worker', 'S47', id);
    expect(seen.body.data.child).toMatchObject({ localAuthority: null, involvements: null });
  });
});

describe('a mutation', () => {
  test('with a part that is refused does nothing at all', async () => {
    const { joined } = system.scenarios;
    const known = (await readAskedLeaves(system)).length;
    const answer = await system.ask('general-practitioner', {
      query: `mutation ($input: RecordInvolvementInput!, $id: ID!) {
        recordInvolvement(input: $input) { id }
        shieldChild(id: $id, reason: "${REASON}") { id } }`,
      variables: { id: joined, input: { childId: joined, service: 'Half a deed', from: today() } },
      purpose: 'DC',
    });
    expect(answer.body.data).toBeNull();
    expect(reasonsOf(answer)).toMatchObject({ shieldChild: 'SCOPE' });
    expect(await directory`select from involvement where service = 'Half a deed'`).toHaveLength(0);
    expect((await newEvents(known)).map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ['access', 'REFUSED'],
    ]);
  });

  test('holds one deed: of two, one could be done and the other refused', async () => {
    const [one, other] = system.scenarios.twins;
    const record = `mutation ($input: RecordInvolvementInput!, $id: ID!)`;
    const variables = {
      id: other,
      input: { childId: one, service: 'Half a deed', from: today() },
    };
    for (const query of [
      `${record} { a: recordInvolvement(input: $input) { id } b: shieldChild(id: $id, reason: "${REASON}") { id } }`,
      `${record} { a: recordInvolvement(input: $input) { id } ...F }
        fragment F on Mutation { b: shieldChild(id: $id, reason: "${REASON}") { id } }`,
    ]) {
      const answer = await system.ask('social-worker', { query, variables, purpose: 'S47' });
      expect([answer.status, codeOf(answer)]).toEqual([400, 'OPERATION_TOO_COMPLEX']);
      expect(answer.body.errors?.[0]?.extensions).toMatchObject({ limit: 'mutationFields' });
    }
    expect(await directory`select from involvement where service = 'Half a deed'`).toHaveLength(0);
  });

  test('that would show what its caller may not read does nothing either', async () => {
    const { joined } = system.scenarios;
    const answer = await system.ask('teacher', {
      query:
        'mutation ($input: RecordInvolvementInput!) { recordInvolvement(input: $input) { conditions { name } } }',
      variables: { input: { childId: joined, service: 'Half a deed', from: today() } },
      purpose: 'ED',
    });
    expect(answer.body.data).toBeNull();
    expect(reasonsOf(answer)).toEqual({
      'recordInvolvement.conditions': 'POLICY',
      'recordInvolvement.conditions.name': 'POLICY',
    });
    expect(await directory`select from involvement where service = 'Half a deed'`).toHaveLength(0);
  });

  test('is on record before it runs and again before it is answered', async () => {
    const { joined } = system.scenarios;
    const known = (await readAskedLeaves(system)).length;
    const answer = await shield('social-worker', 'S47', joined);
    const [intent, outcome, ...others] = await newEvents(known);
    expect(others).toEqual([]);
    expect(intent).toMatchObject({ kind: 'intent', practitioner: 'p-social-worker', purpose: 'S47' });
    expect(intent?.subjects.map(({ child }) => child)).toEqual([joined]);
    expect(outcome).toMatchObject({ kind: 'outcome', outcome: 'RELEASED' });
    expect(outcome?.subjects.map(({ child }) => child)).toEqual([joined]);
    const receipt = await leafOf(system, answer);
    expect(receipt.event.kind).toBe('outcome');
    expect(receipt.event.intentIndex).toBe(BigInt(receipt.index) - 1n);
    await unshield('social-worker', 'S47', joined);
  });

  test('that fails has an intent, and an outcome that says so', async () => {
    const known = (await readAskedLeaves(system)).length;
    const answer: Answer = await shield('social-worker', 'S47', system.scenarios.unrelated);
    expect(answer.body.data).toEqual({ shieldChild: null });
    expect((await newEvents(known)).map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ['intent', 'RELEASED'],
      ['outcome', 'REFUSED'],
    ]);
  });
});
