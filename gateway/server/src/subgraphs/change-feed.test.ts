import { randomBytes } from 'node:crypto';
import { type Changed, type ChangeMessage, changeChannel, sealChange } from '@contactpoint/access/change';
import { openRedis, publishTo, type RedisConnection } from '@contactpoint/access/redis';
import pino from 'pino';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type ChangeFeed, subscribeToChanges } from './change-feed.ts';

const REDIS = process.env['TEST_REDIS_URL'];
const isLeftOut = REDIS === undefined && process.env['CI'] === undefined;
const key = { kid: 'k', secret: randomBytes(32) };

describe.skipIf(isLeftOut)('subscribeToChanges', () => {
  let name: string;
  let redis: RedisConnection;
  let feed: ChangeFeed | undefined;
  let changes: Changed[];
  let sequence: number;
  let beating: NodeJS.Timeout | undefined;

  beforeAll(() => {
    if (REDIS === undefined) throw new Error('TEST_REDIS_URL is not set: redis-server is missing');
  });
  beforeEach(async () => {
    name = `test-${randomBytes(6).toString('hex')}`;
    changes = [];
    sequence = 0;
    redis = openRedis(REDIS ?? '', () => undefined);
    await new Promise((ready) => redis.once('ready', ready));
  });
  afterEach(() => {
    clearInterval(beating);
    feed?.close();
    feed = undefined;
    redis.disconnect();
  });

  const send = async (more: Partial<ChangeMessage> = {}, under = key) => {
    sequence += 1;
    const message = { subgraph: name, publisher: 'p1', sequence, at: Date.now(), ...more };
    await publishTo(redis, changeChannel(name), sealChange(under, message));
  };
  const start = async (redisUrl = REDIS ?? '') => {
    feed = subscribeToChanges({
      redisUrl,
      rings: new Map([[name, [key]]]),
      now: () => new Date(),
      monotonic: () => performance.now(),
      onChange: (changed) => changes.push(changed),
      logger: pino({ level: 'silent' }),
    });
    beating = setInterval(() => void send(), 100);
    await vi.waitFor(() => expect(feed?.pushedSince()).toBeDefined(), 5_000);
    changes.length = 0;
  };

  test('believes what is sealed with the subgraph’s key and nothing else', async () => {
    await start();
    await send({ changed: { children: ['FORGED'] } }, { kid: 'k', secret: randomBytes(32) });
    sequence -= 1;
    await publishTo(redis, changeChannel(name), 'everything');
    await send({ changed: { children: ['A'] } });
    await vi.waitFor(() => expect(changes).toEqual([{ children: ['A'] }]));
  });

  test('a forged heartbeat keeps nothing alive', async () => {
    await start();
    clearInterval(beating);
    const forged = { kid: 'k', secret: randomBytes(32) };
    beating = setInterval(() => void send({}, forged), 100);
    await vi.waitFor(() => expect(feed?.pushedSince()).toBeUndefined(), 5_000);
  });

  /** Only this feed listens to two channels; Redis is shared by all tests of the run. */
  const endSubscription = async () => {
    const client = redis as unknown as { client(...words: string[]): Promise<string> };
    const mine = (await client.client('LIST', 'TYPE', 'pubsub'))
      .split('\n')
      .find((line) => / sub=2 /.test(line));
    await client.client('KILL', 'ID', /^id=(\d+)/.exec(mine ?? '')?.[1] ?? '');
  };

  test('a subscription that Redis ends is made anew, and everything forgotten', async () => {
    await start();
    const since = feed?.pushedSince() ?? 0;
    await endSubscription();
    await vi.waitFor(() => expect(changes).toContain('everything'));
    await vi.waitFor(() => expect(feed?.pushedSince()).toBeGreaterThan(since), 5_000);
    changes.length = 0;
    await send({ changed: { children: ['A'] } });
    await vi.waitFor(() => expect(changes).toEqual([{ children: ['A'] }]));
  });

  test('a Redis that is out of reach proves nothing and fails nothing', async () => {
    feed = subscribeToChanges({
      redisUrl: 'redis://127.0.0.1:1',
      rings: new Map([[name, [key]]]),
      now: () => new Date(),
      monotonic: () => performance.now(),
      onChange: (changed) => changes.push(changed),
      logger: pino({ level: 'silent' }),
    });
    await new Promise((over) => setTimeout(over, 700));
    expect(feed.pushedSince()).toBeUndefined();
  });
});
