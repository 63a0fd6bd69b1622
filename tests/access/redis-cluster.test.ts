import { randomBytes } from 'node:crypto';
import type { Changed } from '@contactpoint/access/change';
import { isRedisUrl, openRedis } from '@contactpoint/access/redis';
import { type ChangeFeed, subscribeToChanges } from '@contactpoint/gateway/subgraphs/change-feed';
import { type ChangeFeed as Publisher, publishChanges } from '@contactpoint/subgraph-kit/change-feed';
import { connect, KIT_MIGRATIONS, migrate, type Store } from '@contactpoint/subgraph-kit/store';
import { createTestDatabase, type TestDatabase } from '@contactpoint/subgraph-kit/testing';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { freePort } from '../free-port.ts';
import { hasRedis, type RedisServer, startRedis } from '../redis-server.ts';

const NODES = 3;
const SLOTS = 16_384;
const key = { kid: 'k', secret: randomBytes(32) };
const logger = pino({ level: 'silent' });

/** Three primaries without replicas, as small as a cluster gets. */
async function startCluster(): Promise<readonly RedisServer[]> {
  const nodes: RedisServer[] = [];
  for (let node = 0; node < NODES; node += 1) {
    const [port, bus] = [await freePort(), await freePort()];
    nodes.push(await startRedis(port, ['--cluster-enabled', 'yes', '--cluster-port', String(bus)]));
    await command(nodes[node], 'ADDSLOTSRANGE', ...slotsOf(node));
    if (node > 0) await command(nodes[0], 'MEET', '127.0.0.1', String(port), String(bus));
  }
  for (const node of nodes)
    await vi.waitFor(async () => expect(await command(node, 'INFO')).toContain('cluster_state:ok'), 20_000);
  return nodes;
}

function slotsOf(node: number): readonly [string, string] {
  const first = Math.floor((node * SLOTS) / NODES);
  return [String(first), String(Math.floor(((node + 1) * SLOTS) / NODES) - 1)];
}

async function command(node: RedisServer | undefined, ...words: string[]): Promise<unknown> {
  const redis = openRedis(node?.url ?? '', () => {});
  try {
    await new Promise((ready) => redis.once('connect', ready));
    await vi.waitFor(() => redis.call('PING'), 5_000);
    return await redis.call('CLUSTER', ...words);
  } finally {
    redis.disconnect();
  }
}

describe.skipIf(!hasRedis() && process.env['CI'] === undefined)('a Redis Cluster', () => {
  let nodes: readonly RedisServer[] = [];
  let database: TestDatabase;
  let store: Store;
  let publisher: Publisher | undefined;
  let feed: ChangeFeed | undefined;
  const changes: Changed[] = [];

  beforeAll(async () => {
    nodes = await startCluster();
    const redisUrl = nodes.map(({ url }) => url).join(',');
    expect(isRedisUrl(redisUrl)).toBe(true);
    database = await createTestDatabase();
    store = connect(database.url);
    await migrate(store, KIT_MIGRATIONS);
    const clock = () => new Date();
    publisher = publishChanges({
      subgraph: 'directory',
      databaseUrl: database.url,
      redisUrl,
      key,
      clock,
      logger,
    });
    feed = subscribeToChanges({
      redisUrl,
      rings: new Map([['directory', [key]]]),
      now: clock,
      monotonic: () => performance.now(),
      onChange: (changed) => changes.push(changed),
      logger,
    });
  });
  afterAll(async () => {
    feed?.close();
    await publisher?.close();
    await store?.end({ timeout: 5 });
    await database?.drop();
    for (const node of nodes) await node.stop();
  });

  test('pushes changes in their order, and loses none unnoticed', async () => {
    await vi.waitFor(() => expect(feed?.pushedSince()).toBeDefined(), 15_000);
    changes.length = 0;
    const since = feed?.pushedSince();
    const children = Array.from({ length: 100 }, (_, place) => `C${place}`);
    for (const child of children) await store`select announce_change('children', ${[child]})`;
    await vi.waitFor(() => expect(changes).toHaveLength(100), 5_000);
    expect(changes).toEqual(children.map((child) => ({ children: [child] })));
    expect(feed?.pushedSince()).toBe(since);
  });

  test('that loses a node is known for it, and pushes again as soon as it can', async () => {
    const since = feed?.pushedSince() ?? 0;
    await nodes[0]?.kill();
    // Whichever of the three carried the messages: what was missed is forgotten, or nothing was missed.
    await store`select announce_change('children', ${['A']})`;
    await vi.waitFor(
      () => {
        const isTold = changes.some((changed) => changed === 'everything' || changed.children?.[0] === 'A');
        expect(isTold || feed?.pushedSince() === undefined).toBe(true);
      },
      { timeout: 3_000, interval: 20 },
    );
    await vi.waitFor(() => expect(feed?.pushedSince() ?? -1).toBeGreaterThanOrEqual(since), 20_000);
  });
});
