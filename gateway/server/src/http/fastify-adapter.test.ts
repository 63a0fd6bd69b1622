import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createOpenSubscriptions } from '../pipeline/open-subscriptions.ts';
import type { PipelineRequest } from '../pipeline/request.ts';
import { contractSupergraph } from '../testing/contract-supergraph.ts';
import { createApolloAdapter } from './apollo-adapter.ts';
import { createFastifyAdapter } from './fastify-adapter.ts';
import type { GraphqlAdapter } from './graphql-adapter.ts';
import { createHttpServer } from './server.ts';

let app: FastifyInstance;
/** The same with Apollo Server in front. */
let apollo: FastifyInstance;
let apolloAdapter: GraphqlAdapter;
/** What entered the pipeline. */
let entered: PipelineRequest[];

const pipeline = async (request: PipelineRequest) => {
  entered.push(request);
  const { operation } = request;
  return operation.kind === 'operation'
    ? { status: 200, headers: { 'access-log': 'log 7' }, body: { data: { me: null } } }
    : { status: operation.status, headers: {}, body: { errors: operation.errors } };
};

beforeAll(async () => {
  const parts = {
    pipeline,
    subscriptions: createOpenSubscriptions(),
    readiness: async () => ({ ready: true, missing: [], supergraph: { version: 'v1' } }),
    metrics: new Registry(),
    logger: pino({ level: 'silent' }),
  };
  app = createHttpServer({ ...parts, adapter: createFastifyAdapter(pipeline) });
  apolloAdapter = await createApolloAdapter(contractSupergraph().executor.schema, pipeline);
  apollo = createHttpServer({ ...parts, adapter: apolloAdapter });
});
beforeEach(() => {
  entered = [];
});
afterAll(() => Promise.all([app.close(), apollo.close(), apolloAdapter.stop()]));

async function send(body: unknown, headers: Readonly<Record<string, string>> = {}, to = app) {
  const payload = typeof body === 'string' ? body : JSON.stringify(body);
  return await to.inject({
    method: 'POST',
    url: '/graphql',
    headers: { 'content-type': 'application/json', ...headers },
    payload,
  });
}

const query = '{ me { id } }';

describe('an operation', () => {
  test.each([
    ['a query alone', { query }, {}],
    ['with everything', { query, operationName: 'Q', variables: { a: 1 }, extensions: { x: 1 } }, { a: 1 }],
    ['with nulls', { query, operationName: null, variables: null, extensions: null }, {}],
    ['with members of no meaning', { query, somethingElse: [] }, {}],
  ])('%s enters the pipeline as it was sent', async (_case, body, variables) => {
    const answer = await send(body);
    expect(entered[0]?.operation).toEqual({
      kind: 'operation',
      query,
      operationName: (body as { operationName?: string | null }).operationName ?? undefined,
      variables,
    });
    expect([answer.statusCode, answer.json(), answer.headers['access-log']]).toEqual([
      200,
      { data: { me: null } },
      'log 7',
    ]);
  });

  test.each([
    ['application/json', 'application/json; charset=utf-8'],
    ['application/graphql-response+json', 'application/graphql-response+json; charset=utf-8'],
  ])('for a caller who takes %s', async (accept, type) => {
    expect((await send({ query }, { accept })).headers['content-type']).toBe(type);
  });
});

describe('what is no operation enters the pipeline too, and is refused there', () => {
  test.each([
    ['an array', [{ query }]],
    ['an empty array', []],
    ['a string', '"x"'],
    ['null', 'null'],
    ['nothing', ''],
    ['an object without members', {}],
    ['no query', { variables: {} }],
    ['an empty query', { query: '' }],
    ['a query that is a number', { query: 7 }],
    ['a query that is an object', { query: { kind: 'Document' } }],
    ['an operation name that is a number', { query, operationName: 7 }],
    ['variables that are a list', { query, variables: [] }],
    ['variables that are text', { query, variables: '{"a":1}' }],
    ['extensions that are a number', { query, extensions: 7 }],
    ['extensions that are a list', { query, extensions: [] }],
    ['no JSON', '{"query'],
  ])('%s', async (_case, body) => {
    const answer = await send(body);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toEqual({
      errors: [{ message: expect.any(String), extensions: { code: 'BAD_REQUEST' } }],
    });
    expect(entered).toMatchObject([{ operation: { kind: 'unreadable' } }]);
  });

  test('the hash of a stored operation, with 200 as the protocol has it', async () => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: 'x' } };
    for (const body of [{ extensions }, { query, extensions }]) {
      const answer = await send(body);
      expect([answer.statusCode, answer.json().errors[0].extensions.code]).toEqual([
        200,
        'PERSISTED_QUERY_NOT_SUPPORTED',
      ]);
    }
  });
});

describe('Apollo Server in front says the same', () => {
  const GRAPHQL = 'application/graphql-response+json';
  test.each<[string, unknown, Readonly<Record<string, string>>?]>([
    ['an operation', { query }],
    ['an operation with nulls', { query, operationName: null, variables: null, extensions: null }],
    ['an operation for a caller who prefers GraphQL’s media type', { query }, { accept: `${GRAPHQL}, */*` }],
    ['an operation for a caller who prefers JSON', { query }, { accept: `application/json, ${GRAPHQL}` }],
    ['an array', [{ query }]],
    ['an empty array', []],
    ['a string', '"x"'],
    ['no members', {}],
    ['no query', { variables: {} }],
    ['an empty query', { query: '' }],
    ['a query that is a number', { query: 7 }],
    ['an operation name that is a number', { query, operationName: 7 }],
    ['variables that are text', { query, variables: '{"a":1}' }],
    ['extensions that are a number', { query, extensions: 7 }],
    ['a stored operation', { extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } }],
    ['a caller who takes no JSON', { query }, { accept: 'text/html' }],
    ['text', JSON.stringify({ query }), { 'content-type': 'text/plain' }],
  ])('to %s', async (_case, body, headers) => {
    const said = async (to: FastifyInstance) => {
      const answer = await send(body, headers, to);
      const { data, errors = [] } = answer.json();
      const codes = errors.map((error: { extensions: { code: string } }) => error.extensions.code);
      return [answer.statusCode, answer.headers['content-type'], data, codes];
    };
    expect(await said(app)).toEqual(await said(apollo));
    expect(entered.map(({ operation }) => operation.kind)).toHaveLength(2);
    expect(entered[0]?.operation.kind).toBe(entered[1]?.operation.kind);
  });
});
