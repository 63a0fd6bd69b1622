import { parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { type Market, openMarket } from '../testing/market-executor.ts';
import { withoutSpreads } from './fragment-spreads.ts';
import { PLAN_LIMITS, PlanSize, PlanSizeError } from './plan-size.ts';

const QUERY = '{ me { id name } reviews { id } products { id title } }';

describe('a plan', () => {
  let market: Market;
  const prepare = async (limits: Partial<typeof PLAN_LIMITS>, query = QUERY) => {
    market = await openMarket({ planLimits: { ...PLAN_LIMITS, ...limits } });
    try {
      return market.executor.prepare({ document: parse(query), refused: new Set() });
    } finally {
      await market.close();
    }
  };

  test.each([
    ['planFetches', { planFetches: 1 }],
    ['planBytes', { planBytes: 20 }],
  ])('beyond %s is refused', async (limit, limits) => {
    const refused = await prepare(limits).catch((cause: unknown) => cause);
    expect(refused).toBeInstanceOf(PlanSizeError);
    expect(refused).toMatchObject({ code: 'TOO_LARGE', limit });
  });

  test('within them is made', async () => {
    expect((await prepare({})).subgraphs.length).toBeGreaterThan(1);
  });
});

test('fragments that spread each other are written out no further than the limit', () => {
  const doubling = Array.from(
    { length: 60 },
    (_, depth) =>
      `fragment F${depth} on User { a: friend { ...F${depth + 1} } b: friend { ...F${depth + 1} } }`,
  );
  const document = parse(`{ me { ...F0 } } ${doubling.join(' ')} fragment F60 on User { id }`);
  expect(() => withoutSpreads(document, new PlanSize(PLAN_LIMITS))).toThrow(
    expect.objectContaining({ limit: 'planBytes' }),
  );
});
