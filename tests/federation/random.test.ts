import { type Market, openMarket } from '@contactpoint/executor/testing/market-executor';
import fc from 'fast-check';
import { parse, validate } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { comparable, comparableOracle } from './compare.ts';
import { type Oracle, openOracle } from './oracle.ts';
import { randomOperation } from './random-operation.ts';

let market: Market;
let oracle: Oracle;
beforeAll(async () => {
  [market, oracle] = await Promise.all([openMarket(), openOracle()]);
});
afterAll(() => Promise.all([market.close(), oracle.close()]));

test('the executor answers random operations like stock @apollo/gateway', async () => {
  const { schema } = market.executor;
  const property = fc.asyncProperty(randomOperation(schema), async ({ query, variables }) => {
    fc.pre(validate(schema, parse(query)).length === 0);
    const [ours, stock] = await Promise.all([market.ask(query, { variables }), oracle.ask(query, variables)]);
    expect(comparable(ours, stock)).toEqual(comparableOracle(stock));
  });
  await fc.assert(property, { numRuns: 200, seed: 20_260_101, endOnFailure: false });
}, 120_000);
