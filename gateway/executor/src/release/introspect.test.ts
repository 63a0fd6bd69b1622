import { buildSchema, parse } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hooks } from '../testing/hooks.ts';
import { type Market, openMarket } from '../testing/market-executor.ts';

let market: Market;
beforeAll(async () => {
  market = await openMarket();
});
afterAll(() => market.close());

/** A part of the market's schema. */
const part = buildSchema('type Query { me: Person } type Person { name: String }');

const run = (query: string, variables: Readonly<Record<string, unknown>>, asked: { times: number }) =>
  market.executor.execute({
    operation: market.executor.prepare({ document: parse(query), refused: new Set() }),
    variables,
    hooks: hooks({}),
    introspectionSchema: () => {
      asked.times++;
      return part;
    },
  });

test('describes the schema it is told to, also beside variables of types that this one lacks', async () => {
  const { data, errors } = await run(
    `query ($t: String!, $first: Int) { person: __type(name: $t) { fields { name } } gone: __type(name: "Product") { name }
      products(first: $first) { id } }`,
    { t: 'Person', first: 1 },
    { times: 0 },
  );
  expect(errors).toEqual([]);
  expect(data).toMatchObject({ person: { fields: [{ name: 'name' }] }, gone: null });
  expect(data?.['products']).toHaveLength(1);
});

test('needs no schema where nothing is described', async () => {
  const asked = { times: 0 };
  await run('{ me { __typename name } }', {}, asked);
  expect(asked.times).toBe(0);
});

test('a question of another name is answered by the schema that is given for it, beside what is fetched', async () => {
  const asked: string[] = [];
  const own = buildSchema(
    'type Query { __own(of: String!): [Own!] } type Own { name: String hidden: String }',
    { assumeValid: true },
  );
  const field = own.getQueryType()?.getFields()['__own'];
  if (field !== undefined) field.resolve = (_source, { of }) => [{ name: of, hidden: 'not selected' }];
  const document = parse(
    'query ($of: String!) { mine: __own(of: $of) { ...F } me { name } } fragment F on Own { called: name }',
  );
  const { data, errors } = await market.executor.execute({
    operation: market.executor.prepare({ document, refused: new Set() }),
    variables: { of: 'field' },
    hooks: hooks({}),
    introspectionSchema: (name) => {
      asked.push(name);
      return own;
    },
  });
  expect(errors).toEqual([]);
  expect(asked).toEqual(['__own']);
  expect(data).toMatchObject({ mine: [{ called: 'field' }], me: { name: expect.any(String) } });
});
