import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inventedSubgraph } from './testing/invented-subgraph.ts';
import { ask, startTestSubgraph, type TestSubgraph } from './testing.ts';

let subgraph: TestSubgraph;
beforeAll(async () => {
  subgraph = await startTestSubgraph(inventedSubgraph);
});
afterAll(async () => await subgraph.stop());

describe('bad input', () => {
  test.each([
    ['malformed JSON', '{"query":', 'application/json', 400, 'BAD_USER_INPUT'],
    ['an empty body', '', 'application/json', 400, 'BAD_USER_INPUT'],
    ['a number', '7', 'application/json', 400, 'BAD_USER_INPUT'],
    ['null', 'null', 'application/json', 400, 'BAD_USER_INPUT'],
    ['a poisoned prototype', '{"__proto__":{"query":"{a}"}}', 'application/json', 400, 'BAD_USER_INPUT'],
    ['a query that is no text', '{"query":{}}', 'application/json', 400, 'BAD_USER_INPUT'],
    ['more than 1 MB', `{"query":"${'x'.repeat(1_100_000)}"}`, 'application/json', 413, 'PAYLOAD_TOO_LARGE'],
    ['a form', 'query=1', 'application/x-www-form-urlencoded', 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ])('%s is refused with its code', async (_case, payload, type, status, code) => {
    const response = await subgraph.app.inject({
      method: 'POST',
      url: '/graphql',
      headers: { 'content-type': type },
      payload,
    });
    expect(response.statusCode).toBe(status);
    expect(response.json().errors[0].extensions).toEqual({ code });
  });

  test.each([
    ['a text that is not GraphQL', '{ door( }', {}, 'GRAPHQL_PARSE_FAILED'],
    ['a text that is a document as JSON', '{"kind":"Document","definitions":[]}', {}, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', '{ unknown }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['two operations', 'query A { failing } query B { refusing }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['no operation', 'fragment F on Child { id }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['a text of 100 kB', `{ failing ${' '.repeat(100_000)} }`, {}, 'BAD_USER_INPUT'],
    ['very many fields', `{ ${'a: failing '.repeat(8_000)} }`, {}, 'GRAPHQL_PARSE_FAILED'],
    [
      'a variable of the wrong type',
      'query ($c: ID!) { clinic(code: $c) { code } }',
      { c: { x: 'value-of-c' } },
      'BAD_USER_INPUT',
    ],
    ['a variable that is missing', 'query ($c: ID!) { clinic(code: $c) { code } }', {}, 'BAD_USER_INPUT'],
  ])('%s is refused each time', async (_case, text, sent, code) => {
    for (let run = 0; run < 3; run++) {
      const { data, errors, status } = await ask(subgraph.app, { query: text, variables: sent });
      expect([status, data, errors?.[0]?.extensions]).toEqual([400, undefined, { code }]);
      expect(JSON.stringify(errors)).not.toContain('value-of-c');
    }
  });

  test('what a resolver says on purpose passes, anything else is masked', async () => {
    for (let run = 0; run < 3; run++) {
      const { data, errors } = await ask(subgraph.app, {
        query: '{ failing refusing clinic(code: "C1") { name } }',
      });
      expect(data).toEqual({ failing: null, refusing: null, clinic: { name: 'Clinic C1' } });
      expect(errors?.toSorted((a, b) => (String(a.path) < String(b.path) ? -1 : 1))).toEqual([
        {
          message: 'Internal server error',
          path: ['failing'],
          extensions: { code: 'INTERNAL_SERVER_ERROR', correlationId: expect.any(String) },
        },
        {
          message: 'Not for this purpose',
          path: ['refusing'],
          extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', reason: 'PURPOSE' },
        },
      ]);
    }
  });

  test('another route is a JSON answer, not a page', async () => {
    const response = await subgraph.app.inject({ url: '/graphiql' });
    expect([response.statusCode, response.json().errors[0].extensions.code]).toEqual([404, 'NOT_FOUND']);
  });
});
