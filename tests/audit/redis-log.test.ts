import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppendError } from '@contactpoint/audit-log/append-error';
import type { AuditLog } from '@contactpoint/audit-log/audit-log';
import { openRedisLog } from '@contactpoint/audit-log/redis-log';
import { streamOf } from '@contactpoint/audit-log/redis-session';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../free-port.ts';
import { hasRedis, type RedisProgram, type RedisServer, startRedis } from '../redis-server.ts';
import { startAppends } from './unceasing-appends.ts';

const DEADLINE = 500;
const DURABLE = ['--appendonly', 'yes', '--appendfsync', 'always'];

let folder: string;
let port: number;
let server: RedisServer;
const others: RedisServer[] = [];

let program: RedisProgram = 'redis-server';

const start = () => startRedis(port, [...DURABLE, '--dir', folder], program);
const openLog = (origin: string, url = server.url): Promise<AuditLog> =>
  openRedisLog({ url, origin, deadline: DEADLINE });
const leafOf = (text: string) => Buffer.from(text);

async function withRedis<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(server.url);
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

/** Leaves of a log in order; an entry that begins anywhere but after the one before is a fault. */
async function kept(origin: string): Promise<string[]> {
  const entries = await withRedis((redis) => redis.xrange(streamOf(origin), '-', '+'));
  const leaves: string[] = [];
  for (const [, [, first, , , ...fields]] of entries) {
    expect(first).toBe(String(leaves.length));
    leaves.push(...fields.filter((_field, place) => place % 2 === 1));
  }
  return leaves;
}

async function untilHealthy(log: AuditLog): Promise<void> {
  await expect.poll(() => log.healthy, { timeout: 20_000, interval: 20 }).toBe(true);
}

/** Debian 12's cannot be asked whether what it took is on its disk; Valkey can, as Redis from 7.2 on, and is. */
const PROGRAMS: readonly RedisProgram[] = ['redis-server', 'valkey-server'];

for (const one of PROGRAMS.filter((name) => !hasRedis(name)))
  console.warn(`\n  !! LEFT OUT: the log in a real ${one}, which is not on this machine.\n`);

if (process.env['CI'] !== undefined) {
  test('redis-server is there where CI is set', () => {
    expect(hasRedis()).toBe(true);
  });
}

describe.each(PROGRAMS.filter((one) => hasRedis(one)))('a log in %s', (one) => {
  beforeAll(async () => {
    program = one;
    folder = mkdtempSync(join(tmpdir(), 'contactpoint-redis-log-'));
    port = await freePort();
    server = await start();
  });
  afterEach(async () => {
    for (const other of others.splice(0)) await other.stop();
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const startOther = async (...settings: string[]): Promise<string> => {
    const other = await startRedis(await freePort(), settings, program);
    others.push(other);
    return other.url;
  };

  test('keeps every byte, in one entry a batch, and goes on where it stands', async () => {
    const log = await openLog('kept');
    const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    expect(await log.append(every)).toEqual({ origin: 'kept', index: 0n });
    const indexes = await Promise.all(
      Array.from({ length: 200 }, async (_, n) => (await log.append(leafOf(String(n)))).index),
    );
    expect(indexes).toEqual(indexes.map((_index, place) => BigInt(place + 1)));
    await log.close();
    const entries = await withRedis((redis) => redis.xrangeBuffer(streamOf('kept'), '-', '+'));
    expect(entries.length).toBeLessThan(10);
    expect(Buffer.compare(entries[0]?.[1][5] ?? Buffer.alloc(0), every)).toBe(0);

    const next = await openLog('kept');
    expect((await next.append(leafOf('next'))).index).toBe(201n);
    await next.close();
  });

  test('that is killed under load and comes back has every leaf that was acknowledged, without a gap', async () => {
    const log = await openLog('killed');
    const appends = startAppends(log, 32);
    const { acknowledged } = appends;
    await expect.poll(() => acknowledged.size).toBeGreaterThan(200);
    await server.kill();
    await expect.poll(() => log.healthy).toBe(false);
    server = await start();
    await untilHealthy(log);
    const before = acknowledged.size;
    await expect.poll(() => acknowledged.size).toBeGreaterThan(before + 200);
    await appends.end();

    expect(appends.rejected).toBeGreaterThan(0);
    const leaves = await kept('killed');
    for (const [index, text] of acknowledged) expect(leaves[Number(index)]).toBe(text);
    await log.close();
  });

  test('has one writer: another one beside it is refused, and no index is given twice', async () => {
    const [one, other] = [await openLog('fenced'), await openLog('fenced')];
    const acknowledged: bigint[] = [];
    let refused = 0;
    for (let turn = 0; turn < 60; turn++) {
      const log = turn % 3 === 0 ? other : one;
      await log.append(leafOf(String(turn))).then(
        ({ index }) => acknowledged.push(index),
        () => refused++,
      );
      await new Promise((later) => setTimeout(later, 5));
    }
    expect(refused).toBeGreaterThan(0);
    expect(new Set(acknowledged).size).toBe(acknowledged.length);
    expect((await kept('fenced')).length).toBe(acknowledged.length);
    await Promise.all([one.close(), other.close()]);
  });

  test('that lost leaves which it had acknowledged is never trusted again', async () => {
    const log = await openLog('deleted');
    await log.append(leafOf('0'));
    await withRedis((redis) => redis.del(streamOf('deleted')));
    await expect(log.append(leafOf('1'))).rejects.toMatchObject({ code: 'STORE_FAILED' });
    await new Promise((later) => setTimeout(later, 1_500));
    expect(log.healthy).toBe(false);
    await expect(log.append(leafOf('2'))).rejects.toMatchObject({
      code: 'STORE_FAILED',
      cause: { message: 'The store of deleted holds 0 leaves, and had acknowledged 1' },
    });
    await log.close();
  });

  test('that has no memory left refuses, is not well, and goes on when it has', async () => {
    const log = await openLog('full');
    await log.append(leafOf('0'));
    await withRedis((redis) => redis.config('SET', 'maxmemory', '1'));
    await expect(log.append(leafOf('1'))).rejects.toMatchObject({ code: 'STORE_FAILED' });
    await new Promise((later) => setTimeout(later, 500));
    expect(log.healthy).toBe(false);
    await withRedis((redis) => redis.config('SET', 'maxmemory', '0'));
    await untilHealthy(log);
    expect((await log.append(leafOf('2'))).index).toBe(1n);
    await log.close();
  });

  test('that hangs answers within the deadline', async () => {
    const log = await openLog('hanging');
    await log.append(leafOf('0'));
    await withRedis((redis) => redis.call('CLIENT', 'PAUSE', '1500', 'ALL'));
    const begun = performance.now();
    await expect(log.append(leafOf('1'))).rejects.toBeInstanceOf(AppendError);
    expect(performance.now() - begun).toBeLessThan(DEADLINE * 2);
    expect(log.healthy).toBe(false);
    await untilHealthy(log);
    await log.close();
  });

  test.each([
    ['keeps nothing', ['--appendonly', 'no'], 'appendonly = no'],
    [
      'forgets when its memory is full',
      [...DURABLE, '--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru'],
      'maxmemory-policy = allkeys-lru',
    ],
  ])('is refused where the server %s', async (_case, settings, problem) => {
    await expect(openLog('refused', await startOther(...settings))).rejects.toThrow(problem);
  });

  const canBeAsked = one === 'valkey-server';

  test('is refused where the server flushes now and then, unless it can be asked to', async () => {
    const url = await startOther('--appendonly', 'yes', '--appendfsync', 'everysec');
    const opening = openRedisLog({ url, origin: 'now and then', deadline: 5_000 });
    if (!canBeAsked) return await expect(opening).rejects.toThrow('appendfsync = everysec');
    const log = await opening;
    expect((await log.append(leafOf('asked for'))).index).toBe(0n);
    await log.close();
  });

  if (canBeAsked)
    test('of every batch is asked whether it is on the disk, and waits for the answer', async () => {
      const url = await startOther('--appendonly', 'yes', '--appendfsync', 'everysec');
      const log = await openRedisLog({ url, origin: 'asked', deadline: 5_000 });
      const admin = new Redis(url);
      const asked = async () =>
        Number(/cmdstat_waitaof:calls=(\d+)/.exec(await admin.info('commandstats'))?.[1] ?? 0);
      const before = await asked();
      for (let batch = 0; batch < 3; batch++) await log.append(leafOf(String(batch)));
      expect(await asked()).toBe(before + 3);
      const fields = await admin.info('persistence');
      const flushed = /aof_pending_bio_fsync:(\d+)/.exec(fields)?.[1];
      expect(flushed).toBe('0');
      await log.close();
      admin.disconnect();
    });

  test.each([
    ['is to be flushed by nobody', 'appendfsync', 'no', 'appendfsync = no'],
    ['keeps no file any more', 'appendonly', 'no', 'appendonly = no'],
    ['may forget', 'maxmemory-policy', 'allkeys-lru', 'maxmemory-policy = allkeys-lru'],
    ...(canBeAsked ? [] : [['is flushed now and then', 'appendfsync', 'everysec', 'appendfsync = everysec']]),
  ])(
    'whose server %s while it is written refuses, with nobody appending, until that is mended',
    async (_case, name = '', value = '', problem = '') => {
      const url = await startOther(...DURABLE, '--maxmemory', '100mb');
      const admin = new Redis(url);
      const log = await openLog(`runs ${name} ${value}`, url);
      await log.append(leafOf('0'));
      const [, before = ''] = (await admin.config('GET', name)) as string[];
      await admin.config('SET', name, value);
      await expect.poll(() => log.healthy, { timeout: 10_000 }).toBe(false);
      await expect
        .poll(() => log.append(leafOf('lost')).catch((error: Error) => (error.cause as Error)?.message))
        .toContain(problem);
      await admin.config('SET', name, before);
      await untilHealthy(log);
      expect((await log.append(leafOf('1'))).index).toBeGreaterThan(0n);
      await log.close();
      admin.disconnect();
    },
  );

  if (!canBeAsked)
    test('is refused until the file that was switched on is there', async () => {
      const url = await startOther('--appendonly', 'no', '--appendfsync', 'always');
      const admin = new Redis(url);
      await admin.mset('one', 'key', 'and', 'another');
      // Microseconds a key that writing it takes: long enough to be looked at.
      await admin.config('SET', 'rdb-key-save-delay', '500000');
      await admin.config('SET', 'appendonly', 'yes');
      await expect(openLog('switched on', url)).rejects.toThrow('still writing its append-only file');
      await expect
        .poll(
          () =>
            openLog('switched on', url).then(
              (log) => log.close().then(() => 'open'),
              () => 'refused',
            ),
          { timeout: 20_000 },
        )
        .toBe('open');
      admin.disconnect();
    });

  test('is refused on a replica', async () => {
    const url = await startOther(...DURABLE, '--replicaof', `127.0.0.1 ${port}`);
    await expect(openLog('replica', url)).rejects.toThrow('is a replica');
  });
});
