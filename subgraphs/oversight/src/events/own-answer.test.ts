import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHILD, SIBLING, startOversight, type TestOversight } from '../testing/oversight.ts';

const MUTATION = `mutation ($origin: String!, $index: String!, $use: AnswerUse!) {
  recordAnswerUse(origin: $origin, index: $index, use: $use) }`;

let oversight: TestOversight;
beforeAll(async () => {
  oversight = await startOversight();
});
afterAll(async () => {
  await oversight[Symbol.asyncDispose]();
});

const READER = { sub: 'p-social-worker', role: 'social-worker', sector: 'SOCIAL_CARE', scopes: [] };

async function use(receipt: { origin: string; index: bigint | string }, claims: object = READER) {
  const variables = { origin: receipt.origin, index: String(receipt.index), use: 'COPIED' };
  const { data, errors } = await oversight.ask(MUTATION, variables, claims);
  return data?.recordAnswerUse ?? errors?.[0]?.extensions;
}

describe('recordAnswerUse', () => {
  test('is confirmed to whoever was sent the answer, without any scope', async () => {
    expect(await use(await oversight.record())).toBe(true);
  });

  test('of an answer that somebody read for a colleague, to the one who read', async () => {
    const receipt = await oversight.record({ practitioner: 'p-colleague', mediator: 'p-mediator' });
    expect(await use(receipt, { ...READER, sub: 'p-mediator' })).toBe(true);
    expect(await use(receipt, { ...READER, sub: 'p-colleague' })).toMatchObject({ reason: 'POLICY' });
  });

  test.each<[string, () => Promise<{ origin: string; index: bigint }>, object]>([
    ["somebody else's answer", () => oversight.record(), { ...READER, sub: 'p-other' }],
    ["an auditor's curiosity", () => oversight.record(), { sub: 'p-auditor', role: 'auditor' }],
    ['a receipt that there is not', async () => ({ ...(await oversight.record()), index: 999_999n }), READER],
    [
      'a log that there is not',
      async () => ({ ...(await oversight.record()), origin: 'log.elsewhere' }),
      READER,
    ],
    ['an intent, of which nobody has a receipt', () => oversight.record({ kind: 'intent' }), READER],
  ])('is refused alike to %s', async (_case, receipt, claims) => {
    expect(await use(await receipt(), claims)).toEqual({
      code: 'UNAUTHORIZED_FIELD_OR_TYPE',
      reason: 'POLICY',
    });
  });
});

describe('an event of a copy', () => {
  test('names the answer, in events and in statements of the children', async () => {
    const { origin, index } = await oversight.record({ practitioner: 'p-copier' });
    await oversight.record({
      practitioner: 'p-copier',
      usedAnswer: { origin, index: String(index), use: 'PRINTED' },
      operation: { name: 'RecordAnswerUse', hash: 'cd'.repeat(32) },
      subjects: [
        {
          child: CHILD,
          released: ['Child.familyName', 'Mutation.recordAnswerUse'],
          withheld: [],
          policies: [],
        },
      ],
    });
    const printed = { origin, index: String(index), use: 'PRINTED' };
    const events = await oversight.ask(
      'query ($filter: AccessEventFilter!) { accessEvents(filter: $filter) { events { usedAnswer { origin index use } } } }',
      { filter: { practitionerId: 'p-copier' } },
    );
    expect(events.data.accessEvents.events).toEqual([{ usedAnswer: printed }, { usedAnswer: null }]);
    const statement = await oversight.ask(
      `query ($id: ID!) { accessStatement(childId: $id) { events { practitionerId usedAnswer { origin index use } } } }`,
      { id: CHILD },
    );
    expect(statement.data.accessStatement.events).toContainEqual({
      practitionerId: 'p-copier',
      usedAnswer: printed,
    });
  });

  test('that took along what a search found has opened no record', async () => {
    const usedAnswer = { origin: 'log.example', index: '3', use: 'COPIED' } as const;
    const subjects = [{ child: SIBLING, released: ['Child.familyName'], withheld: [], policies: [] }];
    await oversight.record({ practitioner: 'p-search-copier', usedAnswer, subjects });
    await oversight.ask('{ accessEvents(filter: {}) { hasNextPage } }');
    const rows = await oversight.subgraph.store`
      select opened from child_reading where practitioner_id = 'p-search-copier'`;
    expect([...rows]).toEqual([{ opened: false }]);
  });
});
