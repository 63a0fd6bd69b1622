import { parse } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PlanError } from './planning/plan-error.ts';
import { hooks, RELEASE, WITHHELD } from './testing/hooks.ts';
import { type Market, openMarket, places } from './testing/market-executor.ts';

let market: Market;
beforeAll(async () => {
  market = await openMarket();
});
afterAll(() => market.close());
beforeEach(() => {
  for (const subgraph of Object.values(market.subgraphs)) subgraph.received.length = 0;
});

/** Everything the subgraphs were asked. */
function asked(): string {
  return Object.values(market.subgraphs)
    .flatMap(({ received }) => received.map(({ query }) => query))
    .join('\n');
}

function withholding(refused: readonly string[]) {
  return {
    refused,
    hooks: hooks({
      field: (_subject, _field, coordinate) => (refused.includes(coordinate) ? WITHHELD : RELEASE),
    }),
  };
}

describe('refused coordinates', () => {
  test('are not fetched, and stand in the response as null with their error', async () => {
    const result = await market.ask(
      '{ pupil(id: "k1") { name notes { text } grade } }',
      withholding(['Pupil.name', 'Pupil.notes']),
    );
    expect(asked()).not.toMatch(/\bname|notes/);
    expect(result.data).toEqual({ pupil: { name: null, notes: null, grade: 7 } });
    expect(places(result.errors)).toEqual([
      'pupil.name UNAUTHORIZED_FIELD_OR_TYPE',
      'pupil.notes UNAUTHORIZED_FIELD_OR_TYPE',
    ]);
  });

  test.each([
    ['an alias', '{ pupil(id: "k1") { name: grade g: name } }'],
    ['a fragment', '{ pupil(id: "k1") { ...P } } fragment P on Pupil { n: name }'],
    ['an inline fragment', '{ pupil(id: "k1") { ... { ... on Pupil { name } } } }'],
    ['a union', '{ holders { ... on Pupil { name } } }'],
    ['a list', '{ pupils { friends { name } } }'],
  ])('are not fetched through %s either', async (_way, query) => {
    await market.ask(query, withholding(['Pupil.name']));
    expect(asked()).not.toMatch(/\bname\b/);
  });

  test('an object of which all is refused is there, and each field has its error', async () => {
    const query = '{ pupils { notes { text weight } } }';
    const result = await market.ask(query, withholding(['Note.text', 'Note.weight']));
    expect(asked()).not.toMatch(/text|weight/);
    const nothing = { text: null, weight: null };
    expect(result.data).toMatchObject({
      pupils: [{ notes: [nothing, nothing] }, {}, null, { notes: null }, {}],
    });
    expect(places(result.errors)).toContain('pupils.0.notes.1.weight UNAUTHORIZED_FIELD_OR_TYPE');
  });

  test('a mutation of which nothing may be read is made all the same', async () => {
    const query = 'mutation { removeReview(id: "r1") { body } }';
    const result = await market.ask(query, withholding(['Review.body']));
    expect(asked()).toContain('removeReview');
    expect(result.data).toEqual({ removeReview: { body: null } });
  });

  test('nothing left to fetch: no request at all', async () => {
    const result = await market.ask('{ pupil(id: "k1") { name } }', withholding(['Query.pupil']));
    expect(asked()).toBe('');
    expect(result.data).toEqual({ pupil: null });
    expect(places(result.errors)).toEqual(['pupil UNAUTHORIZED_FIELD_OR_TYPE']);
  });

  test('an interface field is fetched of those types whose own is permitted', async () => {
    const result = await market.ask('{ nodes { label } }', withholding(['Maker.label']));
    expect(result.data).toEqual({
      nodes: [{ label: 'label p1' }, { label: null }, null, { label: 'label p3' }],
    });
    expect(places(result.errors)).toEqual(['nodes.1.label UNAUTHORIZED_FIELD_OR_TYPE']);
  });

  test('an interface field refused itself is fetched of none', async () => {
    const result = await market.ask('{ nodes { id label } }', withholding(['Node.label']));
    expect(asked()).not.toContain('label');
    expect(places(result.errors)).toHaveLength(3);
  });

  test('a refused key is fetched for the executor and not shown', async () => {
    const result = await market.ask('{ pupil(id: "k1") { id grade } }', { refused: ['Pupil.id'] });
    expect(result).toEqual({ data: { pupil: null }, errors: [] });
  });

  test('variables that nothing uses any more are not sent', async () => {
    const query = 'query($n: Int) { product(id: "p1") { title reviews(first: $n) { id } } }';
    await market.ask(query, { ...withholding(['Product.reviews']), variables: { n: 1 } });
    expect(asked()).not.toContain('$n');
  });
});

describe('prepare refuses', () => {
  test.each([
    ['an alias of the executor', '{ pupil(id: "k1") { __subject: name } }', 'RESERVED_NAME'],
    [
      'an alias of the executor in a fragment',
      '{ ...F } fragment F on Query { __a_x: me { id } }',
      'RESERVED_NAME',
    ],
    ['a forged type', '{ me { __typename: name } }', 'RESERVED_NAME'],
    ['a prototype', '{ me { __proto__: name } }', 'RESERVED_NAME'],
    [
      '$representations',
      'query($representations: Int) { products(first: $representations) { id } }',
      'RESERVED_NAME',
    ],
    ['$__proto__', 'query($__proto__: Int) { products(first: $__proto__) { id } }', 'RESERVED_NAME'],
    ['several operations without a name', 'query A { me { id } } query B { me { id } }', 'UNKNOWN_OPERATION'],
    ['a subscription', 'subscription { me }', 'UNSUPPORTED'],
    ['@defer', '{ me { ... @defer { name } } }', 'UNSUPPORTED'],
    [
      '@stream in a fragment',
      '{ ...F } fragment F on Query { latest @stream(initialCount: 1) { id } }',
      'UNSUPPORTED',
    ],
  ])('%s', (_case, query, code) => {
    const prepare = () => market.executor.prepare({ document: parse(query), refused: new Set() });
    expect(prepare).toThrowError(PlanError);
    expect(prepare).toThrowError(expect.objectContaining({ code }));
  });
});

test('a plan names the subgraphs it may ask', () => {
  const document = parse('query A { me { id } } query B { me { reviews { product { title } } } }');
  const prepare = (operationName: string) =>
    market.executor.prepare({ document, operationName, refused: new Set() }).subgraphs;
  expect(prepare('A')).toEqual(['users']);
  expect([...prepare('B')].sort()).toEqual(['products', 'reviews', 'users']);
});

test('the API schema knows nothing of federation and of what is inaccessible', async () => {
  const { schema } = market.executor;
  expect(schema.getType('_Any')).toBeUndefined();
  expect(schema.getDirectives().map(({ name }) => name)).not.toContain('inaccessible');
  const result = await market.ask(
    `query($t: String!) { kinds: __type(name: $t) { enumValues { name } }
      me { name } __schema { types { name } } p: __type(name: "Product") { fields { name } } }`,
    { variables: { t: 'Kind' } },
  );
  const text = JSON.stringify(result.data);
  expect(result.data).toMatchObject({
    kinds: { enumValues: [{ name: 'BOOK' }, { name: 'TOY' }] },
    me: { name: 'Ann' },
  });
  expect(text).not.toMatch(/warehouse|HIDDEN|join__|_Entity/);
});
