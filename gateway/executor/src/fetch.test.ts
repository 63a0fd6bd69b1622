import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AuthorizedRequest, PendingFetch } from './hooks.ts';
import { allow, hooks } from './testing/hooks.ts';
import { type Market, openMarket, places } from './testing/market-executor.ts';
import { answerJson } from './testing/stub-subgraph.ts';

let market: Market;
beforeAll(async () => {
  market = await openMarket();
});
afterAll(() => market.close());
beforeEach(() => {
  for (const subgraph of Object.values(market.subgraphs)) {
    subgraph.received.length = 0;
    subgraph.answerWith(undefined);
  }
});

const PUPILS = '{ pupils { name notes { text weight } grade } }';

type Authorize = (fetch: PendingFetch) => readonly AuthorizedRequest[];

/** Lets the hook decide over entity fetches alone. */
const ask = (query: string, authorize: Authorize, variables = {}) =>
  market.ask(query, {
    variables,
    hooks: hooks({
      authorize: (fetch) => (fetch.representations === undefined ? [allow(fetch)] : authorize(fetch)),
    }),
  });

const extensions = () => ({});

describe('before each request the hook is told', () => {
  test('what will be asked of whom, each entity once', async () => {
    const fetches: PendingFetch[] = [];
    const query =
      'query Q($n: Int = 1, $id: ID!) { review(id: $id) { product { reviews(first: $n) { id } title } } }';
    await market.ask(query, {
      variables: { id: 'r1' },
      hooks: hooks({
        authorize(fetch) {
          fetches.push(fetch);
          return [allow(fetch)];
        },
      }),
    });
    expect(fetches.map(({ query: _text, ...told }) => told)).toEqual([
      {
        subgraph: 'reviews',
        kind: 'query',
        variables: { id: 'r1' },
        representations: undefined,
        coordinates: expect.arrayContaining([
          'Query.review',
          'Review.product',
          'Product.reviews',
          'Review.id',
        ]),
      },
      {
        subgraph: 'products',
        kind: 'query',
        variables: {},
        representations: [{ __typename: 'Product', id: 'p1' }],
        coordinates: ['Product.title'],
      },
    ]);
  });

  test('subjects in several places are asked for once, and all places filled', async () => {
    const result = await ask(PUPILS, (fetch) => {
      expect(fetch.representations?.map(({ id }) => id)).toEqual(['k1', 'k2', 'k3']);
      // The key that is echoed is no coordinate of the client's.
      expect(fetch.coordinates).toEqual(['Pupil.notes', 'Note.text', 'Note.weight', 'Pupil.grade']);
      return [allow(fetch)];
    });
    expect(result.data).toMatchObject({
      pupils: [{ grade: 7 }, { grade: null }, null, { grade: 7 }, { grade: 7 }],
    });
  });

  test('the final text and variables, to which the extensions belong', async () => {
    let told: unknown;
    await ask('{ pupil(id: "k1") { grade } }', (fetch) => [
      {
        ...allow(fetch),
        extensions: (sent) => {
          told = sent;
          return { accessGrant: 'g' };
        },
      },
    ]);
    const [{ query, variables, extensions: sent } = { query: '', variables: {} }] =
      market.subgraphs.reviews.received;
    expect(sent).toEqual({ accessGrant: 'g' });
    expect(told).toEqual({ query, variables, coordinates: ['Pupil.grade'] });
    expect(variables).toEqual({ representations: [{ __typename: 'Pupil', id: 'k1' }] });
  });

  test('of a mutation that it is one', async () => {
    const kinds: string[] = [];
    const authorize: Authorize = (fetch) => {
      kinds.push(fetch.kind);
      return [allow(fetch)];
    };
    await market.ask('mutation { removeReview(id: "r1") { product { title } } }', {
      hooks: hooks({ authorize }),
    });
    expect(kinds).toEqual(['mutation', 'query']);
  });
});

describe('the hook', () => {
  test('may forbid a fetch at the root', async () => {
    const result = await market.ask('{ me { name } products { id } }', {
      hooks: hooks({ authorize: (fetch) => (fetch.subgraph === 'users' ? [] : [allow(fetch)]) }),
    });
    expect(market.subgraphs.users.received).toEqual([]);
    expect(result.data).toMatchObject({ me: null, products: [{ id: 'p1' }, {}, {}] });
    expect(result.errors).toEqual([]);
  });

  test('may leave entities out: their fields are null', async () => {
    const result = await ask(PUPILS, (fetch) => {
      const { entities = [] } = allow(fetch);
      return [{ entities: entities.filter(({ representation }) => representation.id !== 'k1'), extensions }];
    });
    expect(JSON.stringify(market.subgraphs.reviews.received)).not.toContain('k1');
    expect(result.data).toMatchObject({
      pupils: [{ notes: null, grade: null }, { notes: [{}, {}] }, null, {}, {}],
    });
  });

  test('may put a decoy in an entity’s place: its answer is thrown away', async () => {
    const result = await ask('{ pupils { grade } }', (fetch) => {
      const { entities = [] } = allow(fetch);
      const decoys = entities.map((it) => ({
        ...it,
        decoy: it.index === 0,
        representation: { __typename: 'Pupil', id: it.index === 0 ? 'k7' : it.representation.id },
      }));
      return [{ entities: decoys, extensions }];
    });
    expect(market.subgraphs.reviews.received[0]?.variables.representations).toMatchObject([
      { id: 'k7' },
      {},
      {},
    ]);
    expect(result.data).toMatchObject({
      pupils: [{ grade: null }, { grade: null }, null, { grade: 7 }, { grade: null }],
    });
    expect(places(result.errors)).toEqual(['pupils.1.grade SUBGRAPH_ERROR']);
  });

  test.each([
    [
      'an outage',
      (decoy: boolean) => ({ decoy, id: 'k1', status: 503 }),
      ['pupil.grade SUBGRAPH_UNAVAILABLE'],
    ],
    [
      'a failing field',
      (decoy: boolean) => ({ decoy, id: 'k2', status: 200 }),
      ['pupil.grade SUBGRAPH_ERROR'],
    ],
  ])('a decoy shows %s like a real one', async (_case, situation, expected) => {
    const errors = await Promise.all(
      [true, false].map(async (isDecoy) => {
        const { decoy, id, status } = situation(isDecoy);
        if (status !== 200)
          market.subgraphs.reviews.answerWith((_request, response) => answerJson(response, {}, status));
        const result = await ask('{ pupil(id: "k1") { grade } }', () => [
          { entities: [{ index: 0, representation: { __typename: 'Pupil', id }, decoy }], extensions },
        ]);
        return places(result.errors);
      }),
    );
    expect(errors).toEqual([expected, expected]);
  });

  test('may ask for groups of entities with different fields', async () => {
    const result = await ask(PUPILS, (fetch) => {
      const { entities = [] } = allow(fetch);
      return [
        { entities: entities.slice(0, 1), omit: new Set(['Note.text']), extensions },
        { entities: entities.slice(1), omit: new Set(['Pupil.notes']), extensions },
      ];
    });
    expect(market.subgraphs.reviews.received.map(({ query }) => query).sort()).toEqual([
      'query($representations:[_Any!]!){_entities(representations:$representations){...on Pupil{__subject:id grade}}}',
      'query($representations:[_Any!]!){_entities(representations:$representations){...on Pupil{__subject:id notes{weight}grade}}}',
    ]);
    expect(result.data).toMatchObject({
      pupils: [{ notes: [{ text: null, weight: 1 }, {}], grade: 7 }, { notes: null }, null, { grade: 7 }, {}],
    });
  });

  test('what the final text asks for, without what stood below an omitted field', async () => {
    const told: (readonly string[])[] = [];
    const extensions: AuthorizedRequest['extensions'] = ({ coordinates }) => {
      told.push(coordinates);
      return {};
    };
    await ask('{ pupil(id: "k1") { notes { text } grade } }', (fetch) => [
      { ...allow(fetch), omit: new Set(['Pupil.notes']), extensions },
    ]);
    expect(told).toEqual([['Pupil.grade']]);
  });

  test('an object of which all is omitted is asked for by its __typename', async () => {
    const result = await ask('{ pupil(id: "k1") { notes { text } } }', (fetch) => [
      { ...allow(fetch), omit: new Set(['Note.text']) },
    ]);
    expect(market.subgraphs.reviews.received[0]?.query).toContain('notes{__typename}');
    expect(result.data).toEqual({ pupil: { notes: [{ text: null }, { text: null }] } });
  });

  test('a request of which all is omitted is not sent', async () => {
    let signed = 0;
    const result = await ask('{ pupil(id: "k1") { name grade } }', (fetch) => [
      { ...allow(fetch), omit: new Set(['Pupil.grade']), extensions: () => ({ signed: ++signed }) },
    ]);
    expect([market.subgraphs.reviews.received.length, signed]).toEqual([0, 0]);
    expect(result).toEqual({ data: { pupil: { name: 'Kim', grade: null } }, errors: [] });
  });

  test('variables of what is omitted are not sent', async () => {
    const query = 'query($n: Int = 2) { me { reviews { product { reviews(first: $n) { id } rating } } } }';
    await ask(query, (fetch) => [{ ...allow(fetch), omit: new Set(['Product.reviews']) }], { n: 1 });
    const [{ query: sent, variables } = { query: '', variables: {} }] = market.subgraphs.reviews.received;
    expect(sent).not.toContain('$n');
    expect(Object.keys(variables)).toEqual(['representations']);
  });

  test.each([
    ['of a fetch', { beforeFetch: () => Promise.reject(new Error('facts')) }],
    ['of the release', { beforeRelease: () => Promise.reject(new Error('facts')) }],
  ])('that rejects %s ends the execution', async (_case, deviation) => {
    const rejecting = { ...hooks(), ...deviation };
    await expect(market.ask(PUPILS, { hooks: rejecting })).rejects.toThrow('facts');
  });

  test('that rejects ends requests under way as well', async () => {
    let arrived: () => void = () => undefined;
    const hanging = new Promise<void>((resolve) => (arrived = resolve));
    market.subgraphs.users.answerWith(() => arrived());
    const before = market.subgraphs.users.aborted();
    const { beforeRelease } = hooks();
    const asked = market.ask('{ me { name } products { id } }', {
      hooks: {
        beforeRelease,
        async beforeFetch(fetch) {
          if (fetch.subgraph === 'users') return [allow(fetch)];
          await hanging;
          throw new Error('facts');
        },
      },
    });
    await expect(asked).rejects.toThrow('facts');
    await expect.poll(() => market.subgraphs.users.aborted()).toBe(before + 1);
  });
});

test('the root fields of a mutation run in order', async () => {
  const query = `mutation { a: removeReview(id: "r1") { id } addReview(input: { productId: "p1", body: "b" }) { id }
    b: removeReview(id: "r1") { id } }`;
  const result = await market.ask(query);
  expect(Object.keys(result.data ?? {})).toEqual(['a', 'addReview', 'b']);
  expect(market.subgraphs.reviews.received).toHaveLength(1);
});
