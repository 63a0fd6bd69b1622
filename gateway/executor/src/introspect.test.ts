import { buildSchema, parse } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hooks } from './testing/hooks.ts';
import { type Market, openMarket } from './testing/market-executor.ts';

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
