import { type ChangeMessage, changeChannel, openChange } from '@contactpoint/access/change';
import { openRedis, type RedisConnection } from '@contactpoint/access/redis';
import { pino } from 'pino';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type ChangeFeed, publishChanges } from './change-feed.ts';
import { connect, KIT_MIGRATIONS, migrate, type Store } from './store.ts';
import { createTestDatabase, type TestDatabase } from './testing/database.ts';

const REDIS = process.env['TEST_REDIS_URL'];
const isLeftOut = REDIS === undefined && process.env['CI'] === undefined;
const key = { kid: 'k', secret: new Uint8Array(32).fill(7) };

describe.skipIf(isLeftOut)('publishChanges', () => {
  let subgraph: string;
  let database: TestDatabase;
  let store: Store;
  let subscriber: RedisConnection;
  let messages: ChangeMessage[];
  let feed: ChangeFeed | undefined;

  beforeAll(() => {
    if (REDIS === undefined) throw new Error('TEST_REDIS_URL is not set: redis-server is missing');
  });
  beforeEach(async () => {
    // Redis is shared by all tests of the run.
    subgraph = `test-${Math.random().toString(36).slice(2)}`;
    database = await createTestDatabase();
    store = connect(database.url);
    await migrate(store, KIT_MIGRATIONS);
    messages = [];
    subscriber = openRedis(REDIS ?? '', () => undefined);
    await new Promise((ready) => subscriber.once('ready', ready));
    await subscriber.subscribe(changeChannel(subgraph));
    subscriber.on('message', (_channel, text) => {
      const message = openChange([key], text, { subgraph, now: new Date() });
      if (message !== undefined) messages.push(message);
    });
  });
  afterEach(async () => {
    await feed?.close();
    feed = undefined;
    subscriber.disconnect();
    await store.end({ timeout: 5 });
    await database.drop();
  });

  const start = async (databaseUrl = database.url) => {
    feed = publishChanges({
      subgraph,
      databaseUrl,
      redisUrl: REDIS ?? '',
      key,
      clock: () => new Date(),
      logger: pino({ level: 'silent' }),
    });
    await vi.waitFor(() => expect(messages.length).toBeGreaterThan(0), 5_000);
  };
  const changes = () => messages.flatMap(({ changed }) => changed ?? []);

  test('passes on what a transaction announced once it is committed, in order and without a gap', async () => {
    await start();
    const { promise: mayCommit, resolve: commit } = Promise.withResolvers<void>();
    const writing = store.begin(async (sql) => {
      await sql`select announce_change('children', ${['A', 'B']})`;
      await mayCommit;
    });
    await store`select announce_change('practitioners', ${['p']})`;
    await vi.waitFor(() => expect(changes()).toEqual([{ practitioners: ['p'] }]));
    commit();
    await writing;
    await vi.waitFor(() => expect(changes()).toEqual([{ practitioners: ['p'] }, { children: ['A', 'B'] }]));

    const heartbeats = messages.length;
    await vi.waitFor(() => expect(messages.length).toBeGreaterThan(heartbeats + 1), 5_000);
    const [first] = messages;
    expect(messages.map(({ publisher }) => publisher)).toEqual(messages.map(() => first?.publisher));
    expect(messages.map(({ sequence }) => sequence)).toEqual(
      messages.map((_, place) => (first?.sequence ?? 0) + place),
    );
  });

  test('says nothing of what was rolled back', async () => {
    await start();
    const failed = store.begin(async (sql) => {
      await sql`select announce_change('children', ${['A']})`;
      throw new Error('a later row is malformed');
    });
    await expect(failed).rejects.toThrow('malformed');
    await store`select announce_change('children', ${['B']})`;
    await vi.waitFor(() => expect(changes()).toEqual([{ children: ['B'] }]));
  });

  test.each<[string, (sql: Store) => Promise<unknown>]>([
    [
      'more than a thousand',
      (sql) => sql`
      select announce_change('children', array(select 'C' || n from generate_series(1, 1001) n))`,
    ],
    [
      'names too long for one announcement',
      (sql) => sql`
      select announce_change('practitioners', array[repeat('p', 8000)])`,
    ],
    ['what is no announcement', (sql) => sql`select pg_notify('contactpoint_change', 'A was shielded')`],
  ])('is told to forget everything: %s', async (_case, write) => {
    await start();
    await write(store);
    await vi.waitFor(() => expect(changes()).toEqual(['everything']));
  });

  test('a thousand travel in messages of a hundred; nobody at all in none', async () => {
    await start();
    await store`select announce_change('children', array[]::text[]), announce_change('children', null)`;
    await store`select announce_change('children', array(select 'C' || n from generate_series(1, 1000) n))`;
    await vi.waitFor(() => expect(changes()).toHaveLength(10));
    const told = changes().flatMap((changed) => (changed === 'everything' ? [] : (changed.children ?? [])));
    expect(new Set(told).size).toBe(1000);
  });

  test('is another publisher once the database was out of sight', async () => {
    await start();
    const [before] = messages;
    await store`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query ilike 'listen%'`;
    await vi.waitFor(() => expect(messages.at(-1)?.publisher).not.toBe(before?.publisher), 10_000);
    messages.length = 0;
    await store`select announce_change('children', ${['A']})`;
    await vi.waitFor(() => expect(changes()).toEqual([{ children: ['A'] }]));
  });

  test('falls silent when the database does, and is back with it', async () => {
    await start();
    const [before] = messages;
    const { pathname } = new URL(database.url);
    const admin = connect(process.env['TEST_DATABASE_URL'] ?? '', { max: 1 });
    try {
      const name = pathname.slice(1);
      await admin.unsafe(`alter database ${name} with allow_connections false`);
      await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`;
      messages.length = 0;
      await new Promise((over) => setTimeout(over, 1_200));
      expect(messages).toEqual([]);
      await admin.unsafe(`alter database ${name} with allow_connections true`);
    } finally {
      await admin.end({ timeout: 5 });
    }
    await vi.waitFor(() => expect(messages.length).toBeGreaterThan(0), 15_000);
    expect(messages[0]?.publisher).not.toBe(before?.publisher);
  });

  test('passes on what was committed last before it stops', async () => {
    await start();
    await store`select announce_change('children', ${['LAST']})`;
    await feed?.close();
    feed = undefined;
    await vi.waitFor(() => expect(changes()).toEqual([{ children: ['LAST'] }]));
  });
});
