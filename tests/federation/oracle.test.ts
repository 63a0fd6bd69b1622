import { type Market, openMarket, places } from '@contactpoint/executor/testing/market-executor';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { comparable, comparableOracle } from './compare.ts';
import { OPERATIONS } from './operations.ts';
import { type Oracle, openOracle } from './oracle.ts';

let market: Market;
let oracle: Oracle;
beforeAll(async () => {
  [market, oracle] = await Promise.all([openMarket(), openOracle()]);
});
afterAll(() => Promise.all([market.close(), oracle.close()]));

describe('the executor answers like stock @apollo/gateway', () => {
  test.each(OPERATIONS)('$situation', async ({ query, variables }) => {
    const [ours, stock] = await Promise.all([
      market.ask(query, { variables: variables ?? {} }),
      oracle.ask(query, variables),
    ]);
    expect(comparable(ours, stock)).toEqual(comparableOracle(stock));
    expect(order(ours.data)).toBe(order(stock.data));
  });
});

describe('the executor differs by design', () => {
  test('an object of which every field is left out: stock says there is none', async () => {
    const query =
      'query($yes: Boolean!, $no: Boolean!) { review(id: "r1") @include(if: $yes) { body @include(if: $no) } }';
    const [ours, stock] = await Promise.all([
      market.ask(query, { variables: { yes: true, no: false } }),
      oracle.ask(query, { yes: true, no: false }),
    ]);
    expect(ours.data).toEqual({ review: {} });
    expect(stock.data).toEqual({ review: null });
  });

  test('the name of a key as alias of another field: stock gives the key', async () => {
    const query = '{ product(id: "p1") { id: title reviews { id: body } } }';
    const [ours, stock] = await Promise.all([market.ask(query), oracle.ask(query)]);
    const reviews = [{ id: 'body r1' }, { id: 'body r2' }];
    expect(ours.data).toMatchObject({ product: { id: 'title p1', reviews } });
    expect(stock.data).toMatchObject({ product: { id: 'p1', reviews } });
  });

  test('an error in a list where other types stand before it: stock miscounts', async () => {
    const query = '{ mixed { id ... on Product { rating } } }';
    const [ours, stock] = await Promise.all([market.ask(query), oracle.ask(query)]);
    expect(places(ours.errors)).toEqual(['mixed.1 SUBGRAPH_ERROR']);
    expect(stock.paths).toEqual([['mixed', 0]]);
  });
});

/** Order of fields is part of a response. */
function order(data: unknown): string {
  return JSON.stringify(data);
}
