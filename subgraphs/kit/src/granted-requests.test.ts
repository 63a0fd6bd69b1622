import { principalDigest } from '@contactpoint/access/grant';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { batchedRoute } from './granted-requests.ts';
import { ANNA, inventedSubgraph } from './testing/invented-subgraph.ts';
import { startTestSubgraph, TEST_KEYS, type TestSubgraph, testGrant } from './testing.ts';

const asked: string[][] = [];

let subgraph: TestSubgraph;
beforeAll(async () => {
  subgraph = await startTestSubgraph({
    ...inventedSubgraph,
    routes: (app, services) =>
      batchedRoute(app, services, {
        path: '/principals',
        audience: 'invented',
        operation: 'principals',
        request: v.object({ practitionerId: v.string(), accessGrant: v.optional(v.unknown()) }),
        digestOf: ({ practitionerId }) => principalDigest(practitionerId),
        childrenOf: () => [ANNA],
        answer: async (granted) => {
          asked.push(granted.map(({ request }) => request.practitionerId));
          if (granted.some(({ request }) => request.practitionerId === 'p-broken'))
            throw new Error('connection to secret-host lost');
          return granted.map(({ request }) => `answer for ${request.practitionerId}`);
        },
      }),
  });
});
afterAll(async () => await subgraph.stop());

async function request(practitionerId: string, grantedFor = practitionerId) {
  const body = principalDigest(grantedFor);
  return {
    practitionerId,
    accessGrant: await testGrant(TEST_KEYS, { aud: 'invented', body, sub: grantedFor }),
  };
}

async function send(payload: object) {
  const response = await subgraph.app.inject({ method: 'POST', url: '/principals', payload });
  return { status: response.statusCode, body: response.json() };
}

test('answers stand in order, null where a grant does not hold, and all are asked for together', async () => {
  const requests = [
    await request('p-1'),
    await request('p-2', 'p-1'),
    { practitionerId: 'p-3' },
    await request('p-4'),
  ];
  expect(await send({ requests })).toEqual({
    status: 200,
    body: { answers: ['answer for p-1', null, null, 'answer for p-4'] },
  });
  expect(asked.at(-1)).toEqual(['p-1', 'p-4']);
  const journal = await subgraph.store`
    select practitioner, child_id from access_journal where operation = 'principals' order by id`;
  expect([...journal]).toEqual([
    { practitioner: 'p-1', child_id: null },
    { practitioner: 'p-1', child_id: ANNA },
    { practitioner: 'p-4', child_id: null },
    { practitioner: 'p-4', child_id: ANNA },
  ]);
});

test.each([
  ['no requests', {}],
  ['a request without what it asks for', { requests: [{ accessGrant: 'x' }] }],
  ['501 requests', { requests: Array(501).fill({ practitionerId: 'p-1' }) }],
])('%s: refused', async (_case, payload) => {
  expect(await send(payload)).toMatchObject({
    status: 400,
    body: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
  });
});

test('what cannot be answered is an error without messages from below', async () => {
  const { status, body } = await send({ requests: [await request('p-broken')] });
  expect([status, body.errors[0].extensions.code]).toEqual([500, 'INTERNAL_SERVER_ERROR']);
  expect(JSON.stringify(body)).not.toContain('secret-host');
});

test('without journal there is no answer', async () => {
  await subgraph.store`alter table access_journal rename to access_journal_away`;
  const { status, body } = await send({ requests: [await request('p-1')] });
  await subgraph.store`alter table access_journal_away rename to access_journal`;
  expect([status, body.answers]).toEqual([500, undefined]);
});
