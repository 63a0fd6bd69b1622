import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeAccessEvent } from '@contactpoint/audit-log/decode-access-event';
import { streamOf } from '@contactpoint/audit-log/redis-session';
import { Redis } from 'ioredis';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leafOf, receiptOf } from '../access/access-log.ts';
import { codeOf } from '../access/reasons.ts';
import { freePort } from '../free-port.ts';
import { hasRedis, type RedisServer, startRedis } from '../redis-server.ts';
import { type Answer, startTestSystem, type TestSystem } from '../running-system.ts';

let folder: string;
let port: number;
let redis: RedisServer;
let system: TestSystem;

const start = () => startRedis(port, ['--appendonly', 'yes', '--appendfsync', 'always', '--dir', folder]);
const NAME = 'query Name($id: ID!) { child(id: $id) { id familyName } }';
const ask = () =>
  system.ask('social-worker', { query: NAME, variables: { id: system.scenarios.joined }, purpose: 'S47' });

async function ready(): Promise<{ readonly status: number; readonly missing: readonly string[] }> {
  const { statusCode, body } = await request(`${system.urls.gateway}/ready`);
  return { status: statusCode, missing: ((await body.json()) as { missing: readonly string[] }).missing };
}

/** Nonces of all events in the stream of a log. */
async function noncesIn(origin: string): Promise<readonly string[]> {
  const client = new Redis(redis.url);
  try {
    const entries = await client.xrangeBuffer(streamOf(origin), '-', '+');
    const leaves = entries.flatMap(([, [, , , , ...fields]]) =>
      fields.filter((_field, place) => place % 2 === 1),
    );
    return leaves.map((leaf) => decodeAccessEvent(leaf).nonce);
  } finally {
    client.disconnect();
  }
}

async function expectInBoth(answer: Answer): Promise<void> {
  expect(answer.status, answer.text).toBe(200);
  const { event } = await leafOf(system, answer);
  expect(await noncesIn(receiptOf(answer).origin)).toContain(event.nonce);
}

describe.skipIf(!hasRedis() && process.env['CI'] === undefined)(
  'a gateway with a second store for its log',
  () => {
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'contactpoint-second-store-'));
      port = await freePort();
      redis = await start();
      system = await startTestSystem({ gatewayEnvironment: { AUDIT_REDIS_URL: redis.url } });
    });
    afterAll(async () => {
      await system?.remove();
      await redis?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    test('answers when both hold the event, nothing while one is gone, and again when it is back', async () => {
      const before = await ask();
      await expectInBoth(before);

      await redis.kill();
      const refused = await ask();
      expect([refused.status, codeOf(refused), refused.body.data]).toEqual([
        503,
        'AUDIT_UNAVAILABLE',
        undefined,
      ]);
      expect(await ready()).toEqual({ status: 503, missing: ['audit'] });

      redis = await start();
      await expect.poll(ready, { timeout: 20_000 }).toEqual({ status: 200, missing: [] });
      await expectInBoth(await ask());
      await expectInBoth(before);
    });
  },
);
