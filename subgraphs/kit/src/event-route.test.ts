import { EventEmitter, on } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ANNA, BEN, inventedSubgraph } from './testing/invented-subgraph.ts';
import { startTestSubgraph, TEST_KEYS, type TestGrant, type TestSubgraph, testGrant } from './testing.ts';

const happenings = new EventEmitter();
const granted: (string | undefined)[] = [];

const { resolvers } = inventedSubgraph;
const definition = {
  ...inventedSubgraph,
  typeDefs: `${inventedSubgraph.typeDefs}
    type Subscription {
      visited: Visited @authenticated @sensitivity(class: IDENTITY)
      reported: Report @needs(scopes: [["report:read"]])
      broken: Int @sensitivity(class: REFERENCE)
    }
    type Visited @sensitivity(class: IDENTITY) { at: String child: Child }`,
  resolvers: {
    ...resolvers,
    Subscription: {
      visited: {
        subscribe: () => on(happenings, 'visit'),
        resolve: ([id, isOpen]: [string, boolean], _args: object, context: never) => {
          const { grantChild, granted: already } = context as {
            grantChild(id: string, classes: object): void;
            granted(id: string): object;
          };
          granted.push(Object.keys(already(ANNA)).join());
          if (isOpen) grantChild(id, { IDENTITY: 'FULL' });
          return { at: 'noon', child: { id, name: `Name of ${id}`, score: 3 } };
        },
      },
      reported: { subscribe: () => on(happenings, 'report'), resolve: () => ({ number: 1, note: 'a note' }) },
      broken: {
        subscribe: () => {
          throw new Error('Anna Smith has no channel');
        },
      },
    },
  },
};

let subgraph: TestSubgraph;
let url: string;
beforeAll(async () => {
  subgraph = await startTestSubgraph(definition as never);
  url = `${await subgraph.app.listen({ host: '127.0.0.1', port: 0 })}/graphql`;
});
afterAll(async () => await subgraph?.stop());

let streams: AbortController[];
beforeEach(() => {
  streams = [];
});
afterEach(async () => {
  for (const each of streams) each.abort();
  await expect.poll(() => happenings.eventNames()).toEqual([]);
});

const VISITED = 'subscription { visited { at child { id name score } } }';

interface Opened {
  readonly status: number;
  readonly type: string;
  /** Next `data:` of the stream; undefined when it ends. */
  next(): Promise<{ readonly event: string; readonly data: string } | undefined>;
  text(): Promise<string>;
}

async function open(
  query: string,
  claims: Partial<TestGrant> = {},
  accept = 'text/event-stream',
): Promise<Opened> {
  const accessGrant = await testGrant(TEST_KEYS, { aud: 'invented', query, ...claims });
  return await send({ query, variables: {}, extensions: { accessGrant } }, accept);
}

async function send(body: object, accept = 'text/event-stream'): Promise<Opened> {
  const left = new AbortController();
  streams.push(left);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify(body),
    signal: left.signal,
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    async next() {
      for (;;) {
        const match = /event: (\w+)\ndata: ?(.*)\n\n/.exec(text);
        if (match !== null) {
          text = text.slice(match.index + match[0].length);
          return { event: match[1] ?? '', data: match[2] ?? '' };
        }
        const part = await reader?.read();
        if (part === undefined || part.done) return undefined;
        text += part.value;
      }
    },
    async text() {
      for (let part = await reader?.read(); part?.done === false; part = await reader?.read())
        text += part.value;
      return text;
    },
  };
}

const rows = () => subgraph.store`
  select operation, child_id as child, coordinates from access_journal where operation = 'subscription' order by id`;

describe('a subscription', () => {
  test('tells of each event what the door opens for it, and nothing of the one before', async () => {
    granted.length = 0;
    const stream = await open(VISITED);
    expect([stream.status, stream.type]).toEqual([200, 'text/event-stream; charset=utf-8']);
    happenings.emit('visit', ANNA, true);
    expect(JSON.parse((await stream.next())?.data ?? '')).toEqual({
      data: { visited: { at: 'noon', child: { id: ANNA, name: `Name of ${ANNA}`, score: null } } },
    });
    happenings.emit('visit', BEN, false);
    expect(JSON.parse((await stream.next())?.data ?? '')).toEqual({
      data: { visited: { at: 'noon', child: null } },
    });
    expect(granted).toEqual(['', '']);
  });

  test('is journaled when it is opened, and each event before it leaves', async () => {
    await subgraph.store`delete from access_journal`;
    const stream = await open(VISITED);
    expect([...(await rows())]).toEqual([{ operation: 'subscription', child: null, coordinates: [] }]);
    happenings.emit('visit', ANNA, true);
    await stream.next();
    expect([...(await rows())].slice(1)).toEqual([
      {
        operation: 'subscription',
        child: null,
        coordinates: ['Subscription.visited', 'Visited.at', 'Visited.child'],
      },
      { operation: 'subscription', child: ANNA, coordinates: ['Child.id', 'Child.name'] },
    ]);
  });

  test('breaks off without its event where the journal cannot be written', async () => {
    const stream = await open(VISITED);
    await subgraph.store`alter table access_journal rename to access_journal_away`;
    happenings.emit('visit', ANNA, true);
    const end = await stream.next().catch(() => undefined);
    await subgraph.store`alter table access_journal_away rename to access_journal`;
    expect(end).toBeUndefined();
  });

  test('is let go of when nobody listens any more', async () => {
    await open(VISITED);
    expect(happenings.listenerCount('visit')).toBe(1);
    streams.at(-1)?.abort();
    await expect.poll(() => happenings.listenerCount('visit')).toBe(0);
  });

  test('needs the scopes of its field before it listens', async () => {
    const refused = await open('subscription { reported { note } }');
    expect(JSON.parse(await refused.text()).errors[0].extensions).toEqual({
      code: 'UNAUTHORIZED_FIELD_OR_TYPE',
      reason: 'SCOPE',
    });
    expect(happenings.listenerCount('report')).toBe(0);

    const scopes = ['report:read', 'note:read'];
    const stream = await open('subscription { reported { note } }', { scopes });
    happenings.emit('report');
    expect(JSON.parse((await stream.next())?.data ?? '')).toEqual({ data: { reported: { note: 'a note' } } });
  });

  test('that cannot be opened is an error without its message', async () => {
    const text = await (await open('subscription { broken }')).text();
    expect(JSON.parse(text).errors[0].extensions.code).toBe('INTERNAL_SERVER_ERROR');
    expect(text).not.toContain('Anna');
  });
});

describe('the grant of a subscription', () => {
  test('opens one stream', async () => {
    const accessGrant = await testGrant(TEST_KEYS, { aud: 'invented', query: VISITED });
    const body = { query: VISITED, variables: {}, extensions: { accessGrant } };
    expect((await send(body)).status).toBe(200);
    expect((await send(body)).status).toBe(401);
  });

  test.each([
    ['is missing', { query: VISITED }],
    ['is for another text', { query: VISITED, extensions: {} }],
  ])('that %s opens none', async (_case, body) => {
    const accessGrant = await testGrant(TEST_KEYS, { aud: 'invented', query: 'subscription { broken }' });
    const extensions = 'extensions' in body ? { accessGrant } : {};
    expect((await send({ ...body, extensions })).status).toBe(401);
    expect(happenings.listenerCount('visit')).toBe(0);
  });
});

test.each([
  ['a subscription, to who takes one answer', VISITED, 'application/json'],
  ['a query, to who takes events', '{ failing }', 'text/event-stream'],
])('is refused: %s', async (_case, query, accept) => {
  const refused = await open(query, {}, accept);
  expect(refused.status).toBe(400);
  expect(JSON.parse(await refused.text()).errors[0].extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
});
