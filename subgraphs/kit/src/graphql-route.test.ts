import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ANNA, BEN, counted, inventedSubgraph } from './testing/invented-subgraph.ts';
import { ask, post, startTestSubgraph, TEST_KEYS, type TestSubgraph, testGrant } from './testing.ts';

let subgraph: TestSubgraph;
beforeAll(async () => {
  subgraph = await startTestSubgraph(inventedSubgraph);
});
afterAll(async () => await subgraph.stop());

const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Child { id name score } } }';
const variables = { r: [{ __typename: 'Child', id: ANNA }] };
const children = { [ANNA]: { IDENTITY: 'FULL' } } as const;
const seconds = Math.floor(Date.now() / 1000);

async function operation(claims: Partial<Parameters<typeof testGrant>[1]> = {}, sent: object = {}) {
  const accessGrant = await testGrant(TEST_KEYS, { aud: 'invented', query, variables, children, ...claims });
  return { query, variables, extensions: { accessGrant }, ...sent };
}

async function journaled(where: Partial<Record<'jti' | 'evt', string>>) {
  const { jti = null, evt = null } = where;
  return await subgraph.store<{ child_id: string | null; operation: string; coordinates: string[] }[]>`
    select child_id, operation, coordinates from access_journal
    where (${jti}::text is null or jti = ${jti}) and (${evt}::text is null or evt = ${evt}) order by id`;
}

describe('without a grant that holds', () => {
  const otherKey = [{ kid: 'test', secret: new Uint8Array(32).fill(9) }];
  const unknownKey = [{ kid: 'other', secret: new Uint8Array(32).fill(7) }];
  const grant = { aud: 'invented', query, variables, children };

  test.each([
    ['none', () => undefined],
    ['something else', () => 'eyJhbGciOiJub25lIn0.e30.'],
    ['an object', () => ({ children })],
    ['an expired one', () => testGrant(TEST_KEYS, { ...grant, iat: seconds - 60, exp: seconds - 36 })],
    ['one that lives too long', () => testGrant(TEST_KEYS, { ...grant, exp: seconds + 600 })],
    ['one of the future', () => testGrant(TEST_KEYS, { ...grant, iat: seconds + 60, exp: seconds + 80 })],
    ['one for another subgraph', () => testGrant(TEST_KEYS, { ...grant, aud: 'health' })],
    ['one for another text', () => testGrant(TEST_KEYS, { ...grant, query: `${query} ` })],
    ['one for other variables', () => testGrant(TEST_KEYS, { ...grant, variables: {} })],
    ['one under a forged key', () => testGrant(otherKey, grant)],
    ['one under an unknown key', () => testGrant(unknownKey, grant)],
  ])('%s: 401 and nothing runs', async (_case, accessGrant) => {
    counted.references.length = 0;
    const answer = await post(subgraph.app, {
      query,
      variables,
      extensions: { accessGrant: await accessGrant() },
    });
    expect(answer).toEqual({
      status: 401,
      errors: [{ message: 'No valid access grant', extensions: { code: 'UNAUTHENTICATED' } }],
    });
    expect(counted.references).toEqual([]);
  });

  test('a key in overlap still verifies', async () => {
    const accessGrant = await testGrant(TEST_KEYS.slice(1), grant);
    expect(
      (await post(subgraph.app, await operation({}, { extensions: { accessGrant } }))).data,
    ).toBeDefined();
  });

  test('introspection and the SDL are not given away', async () => {
    expect((await post(subgraph.app, { query: '{ _service { sdl } }' })).status).toBe(401);
    expect((await ask(subgraph.app, { query: '{ _service { sdl } }' })).data._service.sdl).toContain(
      'type Child',
    );
    expect((await ask(subgraph.app, { query: '{ __schema { queryType { name } } }' })).data).toBeDefined();
  });
});

describe('a batch', () => {
  test('answers in order, each operation under its own grant', async () => {
    const anna = await operation();
    const ben = await operation(
      { children: { [BEN]: { SPECIAL: 'FULL' } }, variables: { r: [{ __typename: 'Child', id: BEN }] } },
      { variables: { r: [{ __typename: 'Child', id: BEN }] } },
    );
    const benUnderAnna = { ...ben, extensions: anna.extensions };
    const { status, ...answers } = await post(subgraph.app, [anna, ben, benUnderAnna, anna]);
    expect(status).toBe(200);
    expect(Object.values(answers)).toEqual([
      { data: { _entities: [{ id: ANNA, name: `Name of ${ANNA}`, score: null }] } },
      { data: { _entities: [{ id: BEN, name: null, score: 3 }] } },
      { errors: [expect.objectContaining({ extensions: { code: 'UNAUTHENTICATED' } })] },
      { data: { _entities: [{ id: ANNA, name: `Name of ${ANNA}`, score: null }] } },
    ]);
  });

  test("one grant's child stays closed to another operation's grant, loaders included", async () => {
    const both = { r: [ANNA, BEN].map((id) => ({ __typename: 'Child', id })) };
    const anna = await operation({ variables: both }, { variables: both });
    const ben = await operation(
      { variables: both, children: { [BEN]: { IDENTITY: 'FULL' } } },
      { variables: both },
    );
    const { status: _status, ...answers } = await post(subgraph.app, [anna, ben]);
    const ids = Object.values(answers).map((answer) => {
      const { data } = answer as unknown as { data: { _entities: ({ id: string } | null)[] } };
      return data._entities.map((child) => child?.id);
    });
    expect(ids).toEqual([
      [ANNA, undefined],
      [undefined, BEN],
    ]);
  });

  test('a failing or unreadable operation leaves the others alone', async () => {
    const failing = { query: '{ failing }', variables: {} };
    const accessGrant = await testGrant(TEST_KEYS, { aud: 'invented', ...failing });
    const answers = await post(subgraph.app, [
      { ...failing, extensions: { accessGrant } },
      7,
      await operation(),
    ]);
    expect(answers).toMatchObject({
      0: { data: { failing: null }, errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }] },
      1: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
      2: { data: { _entities: [{ id: ANNA }] } },
    });
  });

  test.each([
    ['empty', 0],
    ['of 51', 51],
  ])('%s is refused', async (_case, size) => {
    const answer = await post(subgraph.app, Array(size).fill({ query }));
    expect(answer).toMatchObject({ status: 400, errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });
});

describe('the journal', () => {
  test('holds what was resolved, by child, and nothing that was withheld', async () => {
    const jti = crypto.randomUUID();
    await post(subgraph.app, await operation({ jti }));
    expect(await journaled({ jti })).toEqual([
      { child_id: null, operation: 'query', coordinates: [] },
      { child_id: ANNA, operation: 'query', coordinates: ['Child.id', 'Child.name'] },
    ]);
  });

  test('holds an operation that touches no child, and one that fails', async () => {
    const evt = 'e'.repeat(64);
    await ask(subgraph.app, { query: '{ clinic(code: "C1") { name } failing }', evt });
    expect(await journaled({ evt })).toEqual([
      { child_id: null, operation: 'query', coordinates: ['Clinic.name', 'Query.clinic', 'Query.failing'] },
    ]);
  });

  describe('that cannot be written', () => {
    beforeEach(
      async () => void (await subgraph.store`alter table access_journal rename to access_journal_away`),
    );
    afterEach(
      async () => void (await subgraph.store`alter table access_journal_away rename to access_journal`),
    );

    test('lets nothing leave', async () => {
      const answer = await post(subgraph.app, [await operation(), await operation()]);
      for (const index of ['0', '1'])
        expect(answer).toHaveProperty(index, {
          errors: [
            {
              message: 'Internal server error',
              extensions: { code: 'INTERNAL_SERVER_ERROR', correlationId: expect.any(String) },
            },
          ],
        });
      expect(JSON.stringify(answer)).not.toMatch(/Name of|access_journal/);
      expect((await post(subgraph.app, await operation())).status).toBe(500);
    });

    test('lets no mutation run', async () => {
      const before = counted.mutations;
      expect((await ask(subgraph.app, { query: 'mutation { count }' })).data).toBeUndefined();
      expect(counted.mutations).toBe(before);
    });
  });

  test('is committed before the answer leaves', async () => {
    const jti = crypto.randomUUID();
    let left = false;
    let answering: Promise<unknown> = Promise.resolve();
    await subgraph.store.begin(async (transaction) => {
      await transaction`lock table access_journal in exclusive mode`;
      answering = post(subgraph.app, await operation({ jti })).then(() => {
        left = true;
      });
      let waiting = 0;
      while (waiting === 0) {
        const rows = await transaction`
          select 1 from pg_locks where not granted and relation = 'access_journal'::regclass`;
        waiting = rows.length;
      }
      expect(left).toBe(false);
    });
    await answering;
    expect(await journaled({ jti })).toHaveLength(2);
  });
});

describe('a mutation', () => {
  test('runs once under one grant, and its intent and outcome are journaled', async () => {
    const mutation = { query: 'mutation { count }', variables: {} };
    const jti = crypto.randomUUID();
    const accessGrant = await testGrant(TEST_KEYS, { aud: 'invented', ...mutation, jti });
    const before = counted.mutations;
    const body = { ...mutation, extensions: { accessGrant } };
    const answers = await Promise.all([
      post(subgraph.app, body),
      post(subgraph.app, body),
      post(subgraph.app, [body, body]),
    ]);
    expect(counted.mutations).toBe(before + 1);
    expect(answers.filter((answer) => answer.status === 200 && answer.data)).toHaveLength(
      JSON.stringify(answers[2]).includes('"data"') ? 0 : 1,
    );
    expect((await journaled({ jti })).map(({ operation: kind }) => kind)).toEqual([
      'mutation-intent',
      'mutation',
    ]);
    expect(await post(subgraph.app, body)).toMatchObject({
      status: 401,
      errors: [{ message: 'The access grant was used before' }],
    });
  });
});

test('health asks the database, metrics count by kind alone', async () => {
  expect((await subgraph.app.inject({ url: '/health' })).json()).toEqual({ status: 'ok' });
  const metrics = (await subgraph.app.inject({ url: '/metrics' })).body;
  expect(metrics).toMatch(/operations_total\{kind="query",outcome="answered",subgraph="invented"\} \d+/);
  expect(metrics).not.toContain(ANNA);
});
