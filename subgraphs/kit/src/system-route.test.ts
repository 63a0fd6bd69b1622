import * as v from 'valibot';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemRoute } from './system-route.ts';
import { inventedSubgraph } from './testing/invented-subgraph.ts';
import { startTestSubgraph, TEST_KEYS, type TestSubgraph, testSystemBody } from './testing.ts';

const PATH = '/closed';
const COMPARED = '/compared';
const CONTENT = { evt: 'e1', places: [1, 2] };
const FORGED = [{ kid: 'test', secret: new Uint8Array(32).fill(9) }];

let subgraph: TestSubgraph;
let received: unknown[] = [];

beforeAll(async () => {
  subgraph = await startTestSubgraph({
    ...inventedSubgraph,
    routes(app, services) {
      systemRoute(app, services, {
        path: PATH,
        audience: 'invented',
        content: v.object({ evt: v.string(), places: v.optional(v.array(v.number())) }),
        async answer(content) {
          received.push(content);
          if (content.evt === 'broken') throw new Error('connection to secret-host lost');
          return content.evt === 'told' ? { told: true } : undefined;
        },
      });
      systemRoute(app, services, {
        path: COMPARED,
        audience: 'invented',
        content: v.object({ children: v.array(v.string()) }),
        answer: async ({ children }) => ({ compared: children.length }),
        journaled: { operation: 'comparisons', childrenOf: ({ children }) => children },
      });
    },
  });
});
afterAll(async () => await subgraph.stop());
beforeEach(() => {
  received = [];
});

const body = (claims: Parameters<typeof testSystemBody>[4] = {}, keys = TEST_KEYS) =>
  testSystemBody(keys, 'invented', PATH, CONTENT, claims);

async function send(payload: object) {
  const response = await subgraph.app.inject({ method: 'POST', url: PATH, payload });
  return { status: response.statusCode, text: response.body };
}

describe('a route of the gateway', () => {
  test('takes what its grant is for, whatever the order of the keys', async () => {
    expect(await send(await body())).toEqual({ status: 204, text: '' });
    const { places, evt } = CONTENT;
    const turned = await testSystemBody(TEST_KEYS, 'invented', PATH, { places, evt });
    expect((await send(turned)).status).toBe(204);
    expect(received).toEqual([CONTENT, CONTENT]);
  });

  test('answers what there is to answer', async () => {
    const told = await testSystemBody(TEST_KEYS, 'invented', PATH, { evt: 'told' });
    expect(await send(told)).toEqual({ status: 200, text: '{"told":true}' });
  });

  test.each<[string, () => Promise<object>]>([
    ['a forged grant', () => body({}, FORGED)],
    ['a grant of a practitioner', () => body({ role: 'accreditation-officer', sub: 'p-officer' })],
    ['a grant for another subgraph', () => testSystemBody(TEST_KEYS, 'health', PATH, CONTENT)],
    ['a grant for another route', () => testSystemBody(TEST_KEYS, 'invented', '/other', CONTENT)],
    ['an expired grant', () => body({ iat: Math.floor(Date.now() / 1000) - 60 })],
    ['another content than granted', async () => ({ ...(await body()), evt: 'e2' })],
    ['more content than granted', async () => ({ ...(await body()), more: 1 })],
  ])('refuses %s', async (_case, payload) => {
    expect((await send(await payload())).status).toBe(401);
    expect(received).toEqual([]);
  });

  test.each<[string, object]>([
    ['no grant', CONTENT],
    ['no object', [1]],
  ])('refuses %s', async (_case, payload) => {
    expect((await send(payload)).status).toBe(400);
  });

  test('refuses content that is none, granted or not', async () => {
    const wrong = await testSystemBody(TEST_KEYS, 'invented', PATH, { evt: 1 });
    expect((await send(wrong)).status).toBe(400);
    expect(received).toEqual([]);
  });

  test('journals what its answer is made of, and answers nothing that it cannot journal', async () => {
    const compared = () =>
      testSystemBody(TEST_KEYS, 'invented', COMPARED, { children: ['A', 'B'] }, { evt: 'e7', jti: 'j7' });
    const response = await subgraph.app.inject({ method: 'POST', url: COMPARED, payload: await compared() });
    expect(response.json()).toEqual({ compared: 2 });
    const rows = await subgraph.store`
      select evt, jti, practitioner, operation, child_id, coordinates from access_journal
      order by child_id nulls first`;
    const row = { evt: 'e7', jti: 'j7', practitioner: 'gateway', operation: 'comparisons', coordinates: [] };
    expect([...rows]).toEqual([null, 'A', 'B'].map((childId) => ({ ...row, child_id: childId })));

    await subgraph.store`alter table access_journal rename to hidden`;
    const refused = await subgraph.app.inject({ method: 'POST', url: COMPARED, payload: await compared() });
    await subgraph.store`alter table hidden rename to access_journal`;
    expect(refused.statusCode).toBe(500);
    expect(refused.body).not.toContain('"compared"');
  });

  test('says nothing of what failed', async () => {
    const broken = await testSystemBody(TEST_KEYS, 'invented', PATH, { evt: 'broken' });
    const { status, text } = await send(broken);
    expect(status).toBe(500);
    expect(text).not.toContain('secret-host');
  });
});
