import { setTimeout } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ANNA, BEN, inventedSubgraph } from './testing/invented-subgraph.ts';
import { startTestSubgraph, TEST_KEYS, type TestSubgraph, testGrant } from './testing.ts';

let subgraph: TestSubgraph;
let base: string;
/** Lets the operation `{ slow }` go on. */
let goOn: PromiseWithResolvers<void>;
/** What was logged. */
const logged: { readonly level: number; readonly msg: string }[] = [];

beforeAll(async () => {
  goOn = Promise.withResolvers();
  const logger = pino({}, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const definition = {
    ...inventedSubgraph,
    typeDefs: inventedSubgraph.typeDefs.replace(
      'failing: String',
      'slow: String @sensitivity(class: REFERENCE) failing: String',
    ),
    resolvers: {
      ...inventedSubgraph.resolvers,
      Query: { ...inventedSubgraph.resolvers.Query, slow: () => goOn.promise.then(() => 'done') },
    },
  };
  subgraph = await startTestSubgraph(definition, { logger });
  base = await subgraph.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => await subgraph.stop());

const ENTITIES = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Child { id name score } } }';
const BOTH = { r: [ANNA, BEN].map((id) => ({ __typename: 'Child', id })) };

async function operation(
  claims: Partial<Parameters<typeof testGrant>[1]>,
  query = ENTITIES,
  variables: Readonly<Record<string, unknown>> = query === ENTITIES ? BOTH : {},
) {
  const accessGrant = await testGrant(TEST_KEYS, { aud: 'invented', query, variables, ...claims });
  return { query, variables, extensions: { accessGrant } };
}

type Line = readonly [number, { data?: Record<string, unknown>; errors?: readonly object[] }];

async function send(operations: readonly unknown[]) {
  return await fetch(`${base}/graphql/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(operations),
  });
}

async function answersTo(operations: readonly unknown[]): Promise<Map<number, Line[1]>> {
  const text = await (await send(operations)).text();
  return new Map(
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line),
  );
}

const annaOnly = { [ANNA]: { IDENTITY: 'FULL' } } as const;
const benOnly = { [BEN]: { SPECIAL: 'FULL' } } as const;

describe('operations of several callers in one request', () => {
  test('one caller’s grant never opens another’s child, and each journal entry is its own', async () => {
    const answers = await answersTo([
      await operation({ children: annaOnly, jti: 'of-a', sub: 'p-a' }),
      await operation({ children: benOnly, jti: 'of-b', sub: 'p-b' }),
      await operation({ children: {}, jti: 'of-c', sub: 'p-c' }),
    ]);
    expect(answers.get(0)).toEqual({
      data: { _entities: [{ id: ANNA, name: `Name of ${ANNA}`, score: null }, null] },
    });
    expect(answers.get(1)).toEqual({ data: { _entities: [null, { id: BEN, name: null, score: 3 }] } });
    expect(answers.get(2)).toEqual({ data: { _entities: [null, null] } });

    const journaled = await subgraph.store<{ jti: string; practitioner: string; child: string }[]>`
      select jti, practitioner, child_id as child from access_journal
      where jti like 'of-%' and child_id is not null order by jti`;
    expect([...journaled]).toEqual([
      { jti: 'of-a', practitioner: 'p-a', child: ANNA },
      { jti: 'of-b', practitioner: 'p-b', child: BEN },
    ]);
  });

  test('a grant serves its own operation alone, and none is shared', async () => {
    const anna = await operation({ children: annaOnly });
    const ben = await operation({ children: benOnly }, ENTITIES, { r: [BOTH.r[1]] });
    const answers = await answersTo([
      { ...ben, extensions: anna.extensions },
      { ...ben, extensions: {} },
      7,
      ben,
    ]);
    const codes = [0, 1, 2].map((index) => answers.get(index)?.errors);
    expect(codes).toMatchObject([
      [{ extensions: { code: 'UNAUTHENTICATED' } }],
      [{ extensions: { code: 'UNAUTHENTICATED' } }],
      [{ extensions: { code: 'BAD_USER_INPUT' } }],
    ]);
    expect(answers.get(3)).toEqual({ data: { _entities: [{ id: BEN, name: null, score: 3 }] } });
  });

  test('who leaves before there is an answer is no failure of the agency', async () => {
    const leaving = new AbortController();
    const body = JSON.stringify([await operation({}, '{ slow }')]);
    const headers = { 'content-type': 'application/json' };
    const asked = fetch(`${base}/graphql/batch`, { method: 'POST', headers, body, signal: leaving.signal });
    await setTimeout(200);
    leaving.abort();
    await expect(asked).rejects.toThrow();
    await expect.poll(() => logged.map(({ msg }) => msg)).toContain('whoever asked has left');
    expect(logged.filter(({ level }) => level >= 50)).toEqual([]);
  });

  test('nobody waits for another’s slow operation', async () => {
    const response = await send([await operation({}, '{ slow }'), await operation({ children: annaOnly })]);
    const reader = (response.body as ReadableStream<Uint8Array>)
      .pipeThrough(new TextDecoderStream())
      .getReader();
    const { value: first = '' } = await reader.read();
    expect(JSON.parse(first)).toMatchObject([1, { data: { _entities: [{ id: ANNA }, null] } }]);
    goOn.resolve();
    const { value: second = '' } = await reader.read();
    expect(JSON.parse(second)).toEqual([0, { data: { slow: 'done' } }]);
    expect((await reader.read()).done).toBe(true);
  });
});

describe('what cannot be journaled', () => {
  afterEach(async () => {
    await subgraph.store`drop trigger if exists refuse on access_journal`;
  });

  test('does not leave, and what can be journaled does', async () => {
    await subgraph.store.unsafe(`
      create function refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$;
      create trigger refuse before insert on access_journal for each row
        when (new.practitioner = 'p-unrecorded') execute function refuse()`);
    const answers = await answersTo([
      await operation({ children: annaOnly }),
      await operation({ children: benOnly, sub: 'p-unrecorded' }),
      await operation({ children: annaOnly }),
    ]);
    expect(answers.get(0)).toMatchObject({ data: { _entities: [{ id: ANNA }, null] } });
    expect(answers.get(1)).toEqual({
      errors: [
        expect.objectContaining({ extensions: expect.objectContaining({ code: 'INTERNAL_SERVER_ERROR' }) }),
      ],
    });
    expect(answers.get(2)).toMatchObject({ data: { _entities: [{ id: ANNA }, null] } });
  });
});

test.each([
  ['nothing', []],
  ['51 operations', Array(51).fill({ query: '{ __typename }' })],
  ['one operation outside a list', { query: '{ __typename }' }],
])('%s is refused', async (_case, body) => {
  const response = await send(body as readonly unknown[]);
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
  ]);
});

test('an answer to a single operation says where batches go', async () => {
  const payload = await operation({ children: annaOnly });
  const { headers } = await subgraph.app.inject({ method: 'POST', url: '/graphql', payload });
  expect(headers['graphql-batch']).toBe('"/graphql/batch";max=50');
});
