import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rememberAnswers } from './remembered-answers.ts';

let app: FastifyInstance;
/** Operations that the subgraph itself answered. */
let answered: unknown[];

beforeEach(() => {
  answered = [];
  app = fastify();
  rememberAnswers(app);
  app.post('/graphql', async ({ body }) => {
    const { query, variables } = body as { readonly query: string; readonly variables?: unknown };
    answered.push(variables);
    return query === 'wrong' ? { errors: [{ message: 'No' }] } : { data: { turn: answered.length } };
  });
  app.post('/graphql/batch', async () => ({}));
});
afterEach(async () => await app.close());

async function ask(payload: object, url = '/graphql'): Promise<string> {
  return (await app.inject({ method: 'POST', url, payload })).body;
}

test('an operation is answered once, and again from memory, and another one by the subgraph', async () => {
  expect(await ask({ query: 'q', variables: { id: 'a' } })).toBe('{"data":{"turn":1}}');
  expect(await ask({ query: 'q', variables: { id: 'a' } })).toBe('{"data":{"turn":1}}');
  expect(await ask({ query: 'q', variables: { id: 'b' } })).toBe('{"data":{"turn":2}}');
  expect(answered).toEqual([{ id: 'a' }, { id: 'b' }]);
});

test('a batch is answered by lines, each operation from memory where it is known', async () => {
  await ask({ query: 'q', variables: { id: 'a' } });
  const batch = [
    { query: 'q', variables: { id: 'b' } },
    { query: 'q', variables: { id: 'a' } },
  ];
  const lines = (await ask(batch, '/graphql/batch')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    [0, { data: { turn: 2 } }],
    [1, { data: { turn: 1 } }],
  ]);
});

test('an answer with errors is not kept, and one under a grant is none for who has none', async () => {
  await ask({ query: 'wrong' });
  await ask({ query: 'wrong' });
  const extensions = { accessGrant: 'of.the.gateway' };
  expect(await ask({ query: 'q', extensions })).toBe('{"data":{"turn":3}}');
  expect(await ask({ query: 'q', extensions: { accessGrant: 'another' } })).toBe('{"data":{"turn":3}}');
  expect(await ask({ query: 'q' })).toBe('{"data":{"turn":4}}');
});
