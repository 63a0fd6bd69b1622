import { getEventListeners } from 'node:events';
import { parse } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Market, openMarket, places } from './testing/market-executor.ts';
import { type Answering, answerJson, answerText } from './testing/stub-subgraph.ts';

const TIMEOUT = 500;
let market: Market;
beforeAll(async () => {
  market = await openMarket({ fetchTimeout: TIMEOUT, maxAnswerBytes: 2_000 });
});
afterAll(() => market.close());
beforeEach(() => {
  for (const subgraph of Object.values(market.subgraphs)) subgraph.answerWith(undefined);
});

const reviews = (answering: Answering) => market.subgraphs.reviews.answerWith(answering);
const users = (answering: Answering) => market.subgraphs.users.answerWith(answering);
const json =
  (body: unknown, status?: number): Answering =>
  (_request, response) =>
    answerJson(response, body, status);
const text =
  (body: string, status?: number, media?: string): Answering =>
  (_request, response) =>
    answerText(response, body, status, media);
const entities = (...of: unknown[]) => ({ data: { _entities: of } });

describe('a subgraph that fails gives nulls, and an error at each place and field', () => {
  const failing: readonly (readonly [string, Answering])[] = [
    ['hangs', () => undefined],
    [
      'stops half-way',
      (_request, response) =>
        void response.writeHead(200, { 'content-type': 'application/json' }).write('{"da'),
    ],
    ['hangs up', (_request, response) => void response.socket?.destroy()],
    ['babbles', text('<html>oops</html>')],
    ['babbles in another media type', text('{"data":{"_entities":[]}}', 200, 'text/plain')],
    [
      'sends no UTF-8',
      (_request, response) =>
        void response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(Buffer.from([0x22, 0xff, 0x22])),
    ],
    ['answers 500', json(entities({}, {}, {}), 500)],
    [
      'redirects',
      (_request, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    ],
    ['sends too much', text(JSON.stringify(entities('x'.repeat(3_000))))],
    [
      'never stops sending',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.on('error', () => undefined);
        const more = (): void => {
          if (!response.destroyed) response.write(' '.repeat(1_000), () => setImmediate(more));
        };
        more();
      },
    ],
    ['sends a list', json([])],
    ['sends null', json(null)],
    ['sends nothing of use', json({})],
    ['sends data that are none', json({ data: 'x' })],
    ['sends no entities', json({ data: {} })],
    ['sends null for entities', json({ data: { _entities: null } })],
    ['sends too few entities', json(entities({}, {}))],
    ['sends too many entities', json(entities({}, {}, {}, {}))],
    ['sends entities that are none', json(entities('x', 1, []))],
    [
      'answers for other entities',
      json(
        entities({ __subject: 'k2', grade: 1 }, { __subject: 'k3', grade: 2 }, { __subject: 'k1', grade: 3 }),
      ),
    ],
  ];

  test.each(failing)('when it %s', async (_case, answering) => {
    reviews(answering);
    const result = await market.ask('{ all: pupils { name g: grade notes { text } } }');
    const fields = [0, 1, 3, 4].flatMap((index) => [`all.${index}.g`, `all.${index}.notes`]);
    expect(places(result.errors)).toEqual(fields.map((field) => `${field} SUBGRAPH_UNAVAILABLE`));
    expect(result.errors[0]?.extensions).toEqual({ code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'reviews' });
    expect(result.data).toMatchObject({ all: [{ name: 'Kim', g: null, notes: null }, {}, null, {}, {}] });
  });

  test('at the root: each of its fields', async () => {
    users(json({}, 503));
    const result = await market.ask('{ me { name } p: pupils { name } products { id } }');
    expect(result.data).toMatchObject({ me: null, p: null, products: [{}, {}, {}] });
    expect(places(result.errors)).toEqual(['me SUBGRAPH_UNAVAILABLE', 'p SUBGRAPH_UNAVAILABLE']);
  });

  test('only what the client selected, not what is skipped', async () => {
    users(json({}, 503));
    const query = 'query($s: Boolean!) { me @skip(if: $s) { name } pupils { name } }';
    const result = await market.ask(query, { variables: { s: true } });
    expect(places(result.errors)).toEqual(['pupils SUBGRAPH_UNAVAILABLE']);
  });

  test('it takes as long as the time-out and no longer', async () => {
    reviews(() => undefined);
    const before = performance.now();
    await market.ask('{ pupil(id: "k1") { grade } }');
    expect(performance.now() - before).toBeLessThan(TIMEOUT * 4);
  });

  test('one that cannot be reached', async () => {
    const closed = await openMarket();
    await closed.subgraphs.reviews.close();
    const result = await closed.ask('{ pupil(id: "k1") { name grade } }');
    expect(result.data).toEqual({ pupil: { name: 'Kim', grade: null } });
    expect(places(result.errors)).toEqual(['pupil.grade SUBGRAPH_UNAVAILABLE']);
    await closed.close();
  });
});

describe('time-outs', () => {
  test('of one subgraph are its own', async () => {
    const patient = await openMarket({ fetchTimeout: 60_000, fetchTimeouts: { reviews: 100 } });
    patient.subgraphs.reviews.answerWith(() => undefined);
    const result = await patient.ask('{ pupil(id: "k1") { name grade } }');
    expect(result.data).toEqual({ pupil: { name: 'Kim', grade: null } });
    expect(places(result.errors)).toEqual(['pupil.grade SUBGRAPH_UNAVAILABLE']);
    await patient.close();
  });

  test('name subgraphs that there are', async () => {
    await expect(openMarket({ fetchTimeouts: { canary: 100 } })).rejects.toThrow('A time-out for canary');
  });

  test('of an operation end what is under way and begin nothing more, and the rest is answered', async () => {
    const hurried = await openMarket({ fetchTimeout: 60_000, operationTimeout: 300 });
    hurried.subgraphs.reviews.answerWith(() => undefined);
    const before = performance.now();
    const result = await hurried.ask('{ pupil(id: "k1") { name grade } }');
    expect(performance.now() - before).toBeLessThan(5_000);
    expect(result.data).toEqual({ pupil: { name: 'Kim', grade: null } });
    expect(places(result.errors)).toEqual(['pupil.grade SUBGRAPH_UNAVAILABLE']);

    hurried.subgraphs.users.answerWith(() => undefined);
    const nothing = await hurried.ask('{ pupil(id: "k1") { name grade } }');
    expect(nothing.data).toEqual({ pupil: null });
    expect(hurried.subgraphs.reviews.received).toHaveLength(1);
    await hurried.close();
  });
});

describe('an answer for another subject than was asked for', () => {
  test('counts as failed, and nothing of it is shown', async () => {
    reviews(json(entities({ __subject: 'k2', grade: 99 })));
    const result = await market.ask('{ pupil(id: "k1") { name grade } }');
    expect(result.data).toEqual({ pupil: { name: 'Kim', grade: null } });
    expect(places(result.errors)).toEqual(['pupil.grade SUBGRAPH_UNAVAILABLE']);
  });

  test('does not touch the others of the same fetch', async () => {
    reviews(
      json(
        entities({ __subject: 'k1', grade: 1 }, { __subject: 'k9', grade: 2 }, { __subject: 'k3', grade: 3 }),
      ),
    );
    const result = await market.ask('{ pupils { grade } }');
    expect(result.data).toEqual({
      pupils: [{ grade: 1 }, { grade: null }, null, { grade: 3 }, { grade: 1 }],
    });
    expect(places(result.errors)).toEqual(['pupils.1.grade SUBGRAPH_UNAVAILABLE']);
  });
});

describe('of a subgraph’s errors the wire shows', () => {
  const secret = {
    message: 'Jane Doe',
    extensions: { code: 'X', stacktrace: ['Jane Doe'], record: 'Jane Doe' },
  };

  test.each([
    [
      'a place',
      { ...secret, path: ['_entities', 0, 'grade'] },
      ['pupil', 'grade'],
      { code: 'SUBGRAPH_ERROR', subgraph: 'reviews' },
    ],
    [
      'an entity’s place',
      { ...secret, path: ['_entities', 0] },
      ['pupil'],
      { code: 'SUBGRAPH_ERROR', subgraph: 'reviews' },
    ],
    [
      'no path that it makes up',
      { ...secret, path: ['_entities', 0, 'Jane Doe'] },
      ['pupil'],
      { code: 'SUBGRAPH_ERROR', subgraph: 'reviews' },
    ],
    [
      'no number where no list is',
      { ...secret, path: ['_entities', 0, 'grade', 12] },
      ['pupil', 'grade'],
      { code: 'SUBGRAPH_ERROR', subgraph: 'reviews' },
    ],
    [
      'no more numbers than there are lists',
      { ...secret, path: ['_entities', 0, 'notes', 1, 1966, 4, 'text'] },
      ['pupil', 'notes', 1],
      { code: 'SUBGRAPH_ERROR', subgraph: 'reviews' },
    ],
    [
      'no key where an index has to be',
      { ...secret, path: ['_entities', 0, 'notes', 'text'] },
      ['pupil', 'notes'],
      { code: 'SUBGRAPH_ERROR', subgraph: 'reviews' },
    ],
    [
      'a place in a list',
      { ...secret, path: ['_entities', 0, 'notes', 1, 'text'] },
      ['pupil', 'notes', 1, 'text'],
      { code: 'SUBGRAPH_ERROR', subgraph: 'reviews' },
    ],
    [
      'nor one that is none',
      { ...secret, path: 'Jane Doe' },
      undefined,
      { code: 'SUBGRAPH_ERROR', subgraph: 'reviews' },
    ],
    [
      'nor one beyond the entities',
      { ...secret, path: ['_entities', 7, 'grade'] },
      undefined,
      { code: 'SUBGRAPH_ERROR', subgraph: 'reviews' },
    ],
    [
      'a refused argument',
      {
        ...secret,
        path: ['_entities', 0, 'grade'],
        extensions: { code: 'BAD_USER_INPUT', argument: 'first', value: 'Jane Doe' },
      },
      ['pupil', 'grade'],
      { code: 'BAD_USER_INPUT', argument: 'first' },
    ],
    [
      'no argument that is no name',
      {
        ...secret,
        path: ['_entities', 0, 'grade'],
        extensions: { code: 'BAD_USER_INPUT', argument: 'Jane Doe' },
      },
      ['pupil', 'grade'],
      { code: 'BAD_USER_INPUT' },
    ],
    [
      'no name that no argument has',
      {
        ...secret,
        path: ['_entities', 0, 'grade'],
        extensions: { code: 'BAD_USER_INPUT', argument: 'Jane_Doe' },
      },
      ['pupil', 'grade'],
      { code: 'BAD_USER_INPUT' },
    ],
    [
      'what is wrong with an argument',
      {
        ...secret,
        path: ['_entities', 0, 'grade'],
        extensions: { code: 'BAD_USER_INPUT', argument: 'first', problem: 'RANGE' },
      },
      ['pupil', 'grade'],
      { code: 'BAD_USER_INPUT', argument: 'first', problem: 'RANGE' },
    ],
    [
      'nothing that is wrong in an agency’s own words',
      {
        ...secret,
        path: ['_entities', 0, 'grade'],
        extensions: { code: 'BAD_USER_INPUT', problem: 'JANE_DOE_IS_THERE' },
      },
      ['pupil', 'grade'],
      { code: 'BAD_USER_INPUT' },
    ],
    [
      'a refusal',
      {
        ...secret,
        path: ['_entities', 0, 'grade'],
        extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', reason: 'PURPOSE' },
      },
      ['pupil', 'grade'],
      { code: 'UNAUTHORIZED_FIELD_OR_TYPE', reason: 'PURPOSE' },
    ],
    [
      'a refusal without a made-up reason',
      {
        ...secret,
        path: ['_entities', 0, 'grade'],
        extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', reason: 'Jane Doe' },
      },
      ['pupil', 'grade'],
      { code: 'UNAUTHORIZED_FIELD_OR_TYPE' },
    ],
    ['something that is no error', 'Jane Doe', undefined, { code: 'SUBGRAPH_ERROR', subgraph: 'reviews' }],
  ])('%s', async (_case, error, path, extensions) => {
    reviews(json({ ...entities({ __subject: 'k1', grade: null }), errors: [error] }));
    const result = await market.ask('{ pupil(id: "k1") { name grade notes { text } } }');
    expect(JSON.stringify(result)).not.toContain('Jane');
    expect(result.errors).toEqual([{ message: expect.any(String), extensions, ...(path && { path }) }]);
  });

  test('no data but errors: each field that the fetch would have given', async () => {
    reviews(json({ data: null, errors: [{ ...secret, extensions: { code: 'INTERNAL_SERVER_ERROR' } }] }));
    const result = await market.ask('{ pupil(id: "k1") { name grade notes { text } } }');
    expect(places(result.errors)).toEqual(['pupil.grade SUBGRAPH_ERROR', 'pupil.notes SUBGRAPH_ERROR']);
  });

  test('of one place a few, however many there are', async () => {
    const many = Array.from({ length: 50_000 }, (_, index) => ({
      message: 'x',
      path: ['_entities', 0, 'notes', index, 'text'],
    }));
    const generous = await openMarket();
    generous.subgraphs.reviews.answerWith(
      json({ data: { _entities: [{ __subject: 'k1', grade: 7, notes: null }] }, errors: many }),
    );
    const result = await generous.ask('{ pupil(id: "k1") { grade notes { text } } }');
    expect(result.data).toEqual({ pupil: { grade: 7, notes: null } });
    expect(result.errors.length).toBeGreaterThan(0);
    expect(result.errors.length).toBeLessThan(100);
    await generous.close();
  });

  test('a refused mutation by its code', async () => {
    const result = await market.ask('mutation { refuse(reason: "x") { id } }');
    expect(result).toEqual({
      data: { refuse: null },
      errors: [
        {
          message: 'An argument was not accepted',
          path: ['refuse'],
          extensions: { code: 'BAD_USER_INPUT', argument: 'reason' },
        },
      ],
    });
  });
});

describe('an aborted request', () => {
  test('gives up its fetches and rejects with the reason', async () => {
    const patient = await openMarket({ fetchTimeout: 60_000, operationTimeout: 60_000 });
    const { promise: hanging, resolve: arrived } = Promise.withResolvers<void>();
    patient.subgraphs.users.answerWith(() => arrived());
    const controller = new AbortController();
    const asked = patient.ask('{ me { name } }', { signal: controller.signal });
    await hanging;
    controller.abort(new Error('the caller is gone'));
    await expect(asked).rejects.toThrow('the caller is gone');
    await expect.poll(() => patient.subgraphs.users.aborted()).toBe(1);
    await patient.close();
  });

  test('is listened to no longer than it takes', async () => {
    const { signal } = new AbortController();
    await market.ask('{ me { name } }', { signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('is not begun when it is too late', async () => {
    const before = market.subgraphs.users.received.length;
    const asked = market.ask('{ me { name } }', { signal: AbortSignal.abort(new Error('gone')) });
    await expect(asked).rejects.toThrow('gone');
    expect(market.subgraphs.users.received.length).toBe(before);
  });
});

test('a prepared operation runs any number of times, also at once', async () => {
  const document = parse('query($id: ID!) { pupil(id: $id) { name grade } }');
  const operation = market.executor.prepare({ document, refused: new Set() });
  const { hooks } = await import('./testing/hooks.ts');
  const results = await Promise.all(
    ['k1', 'k2', 'k3', 'k1'].map((id) =>
      market.executor.execute({ operation, variables: { id }, hooks: hooks() }),
    ),
  );
  expect(results.map(({ data }) => data)).toEqual([
    { pupil: { name: 'Kim', grade: 7 } },
    { pupil: { name: 'Lou', grade: null } },
    { pupil: { name: null, grade: 7 } },
    { pupil: { name: 'Kim', grade: 7 } },
  ]);
});
