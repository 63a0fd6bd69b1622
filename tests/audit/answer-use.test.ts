import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditedEvent, receiptOf } from '../access/access-log.ts';
import { type Answer, startTestSystem, type TestSystem } from '../running-system.ts';

const MUTATION = /* GraphQL */ `
  mutation RecordAnswerUse($origin: String!, $index: String!, $use: AnswerUse!) {
    recordAnswerUse(origin: $origin, index: $index, use: $use)
  }
`;
const NAMES = 'query Names($id: ID!) { child(id: $id) { familyName dateOfBirth } }';
const STATEMENT = /* GraphQL */ `
  query Statement($id: ID!) {
    accessStatement(childId: $id) {
      events { practitionerId usedAnswer { origin index use } subjects { childId released } }
    }
  }
`;

let system: TestSystem;

beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(async () => {
  await system?.remove();
});

const names = (persona = 'social-worker', purpose = 'S47', headers = {}) =>
  system.ask(persona, { query: NAMES, variables: { id: system.scenarios.joined }, purpose, headers });
const use = (persona: string, receipt: object, headers = {}): Promise<Answer> =>
  system.ask(persona, { query: MUTATION, variables: { use: 'PRINTED', ...receipt }, headers });
const statement = async () =>
  (await system.ask('auditor', { query: STATEMENT, variables: { id: system.scenarios.joined } })).body.data
    .accessStatement.events;

describe('an answer that is copied or printed', () => {
  test('is in the events and in the statement of its child, with what was taken along', async () => {
    const receipt = receiptOf(await names());
    const printed = await use('social-worker', receipt);
    expect(printed.body).toEqual({ data: { recordAnswerUse: true } });
    expect(await auditedEvent(system, 'social-worker', printed)).toMatchObject({
      operationName: 'RecordAnswerUse',
      subjects: [
        {
          childId: system.scenarios.joined,
          released: expect.arrayContaining([
            'Child.dateOfBirth',
            'Child.familyName',
            'Mutation.recordAnswerUse',
          ]),
        },
      ],
    });
    const [newest] = await statement();
    expect(newest).toMatchObject({
      practitionerId: 'p-social-worker',
      usedAnswer: { ...receipt, use: 'PRINTED' },
      subjects: [{ childId: system.scenarios.joined }],
    });
  });

  test('is not in the statement of a child of whom it showed nothing', async () => {
    const { unrelated } = system.scenarios;
    const answer = await system.ask('teacher', { query: NAMES, variables: { id: unrelated }, purpose: 'ED' });
    expect(answer.body.data.child).toBeNull();
    const copied = await use('teacher', receiptOf(answer));
    expect(copied.body.data).toEqual({ recordAnswerUse: true });
    expect((await auditedEvent(system, 'teacher', copied))?.subjects).toEqual([]);
  });

  test('of the log itself is on record, and in no statement', async () => {
    const before = await statement();
    const asked = await system.ask('auditor', {
      query: STATEMENT,
      variables: { id: system.scenarios.joined },
    });
    expect((await use('auditor', receiptOf(asked))).body.data).toEqual({ recordAnswerUse: true });
    expect(await statement()).toEqual(before);
  });
});

describe('nobody puts on record what is not theirs', () => {
  const REFUSED = { code: 'UNAUTHORIZED_FIELD_OR_TYPE', reason: 'POLICY' };
  type Forge = (receipt: { readonly origin: string; readonly index: string }) => object;

  test.each<[string, string, Forge]>([
    ['another practitioner', 'teacher', (receipt) => receipt],
    ['an auditor, who can see the receipt', 'auditor', (receipt) => receipt],
    [
      'the reader, an event that is not there',
      'social-worker',
      (receipt) => ({ ...receipt, index: '999999' }),
    ],
    [
      'the reader, another gateway’s log',
      'social-worker',
      ({ index }) => ({ origin: 'elsewhere.example/g/1', index }),
    ],
    ['the reader, the first leaf of the log', 'social-worker', ({ origin }) => ({ origin, index: '0' })],
    ['the reader, no number', 'social-worker', ({ origin }) => ({ origin, index: "0' or '1'='1" })],
    ['the reader, no name of a log', 'social-worker', ({ index }) => ({ origin: 'a log', index })],
  ])('%s', async (_case, persona, forge) => {
    const receipt = receiptOf(await names());
    const before = await statement();
    const refused = await use(persona, forge(receipt));
    expect(refused.body.data ?? null).toBeNull();
    expect(refused.body.errors?.[0]?.extensions).toMatchObject(REFUSED);
    const after = await statement();
    expect(after).toEqual(before);
  });

  test('not on behalf of a colleague either', async () => {
    const receipt = receiptOf(await names());
    const refused = await use('teacher', receipt, { 'on-behalf-of': await system.token('social-worker') });
    expect(refused.body.errors?.[0]?.extensions).toMatchObject(REFUSED);
  });

  test('an intent of one’s own is no answer', async () => {
    const first = await use('social-worker', receiptOf(await names()));
    const { origin, index } = receiptOf(first);
    const refused = await use('social-worker', { origin, index: String(Number(index) - 1) });
    expect(refused.body.errors?.[0]?.extensions).toMatchObject(REFUSED);
  });

  test('nor without a sign-in, a purpose of printing or both', async () => {
    const receipt = receiptOf(await names());
    expect((await use('social-worker', receipt, { authorization: 'Bearer of-nothing' })).status).toBe(401);
    expect((await use('social-worker', { ...receipt, use: 'SHARED' })).status).toBe(400);
  });
});
