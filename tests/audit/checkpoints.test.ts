import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLeaves, receiptOf } from '../access/access-log.ts';
import { codeOf } from '../access/reasons.ts';
import { startSecondGateway } from '../access/second-gateway.ts';
import { readMetric } from '../metric.ts';
import { type Answer, startTestSystem, type TestSystem } from '../running-system.ts';

/** Seconds: shorter than the 60 that an operator has. */
const PATIENCE = 3;

/** Milliseconds for a test that starts processes, on a busy machine. */
const LONG = 120_000;

let system: TestSystem;

beforeAll(async () => {
  system = await startTestSystem({ gatewayEnvironment: { CHECKPOINT_PATIENCE: String(PATIENCE) } });
});

afterAll(async () => {
  await system?.remove();
});

const NAME = 'query Name($id: ID!) { child(id: $id) { id familyName } }';
const ask = () =>
  system.ask('social-worker', { query: NAME, variables: { id: system.scenarios.joined }, purpose: 'S47' });
const signer = () => system.services.get('signer')?.pid ?? 0;

interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: string;
}

/** Last checkpoint of each log. */
async function checkpoints(): Promise<readonly Checkpoint[]> {
  const sql = postgres(system.clusters.audit.readerUrl, { max: 1 });
  const rows = await sql<Checkpoint[]>`
    select distinct on (origin) origin, size::int, encode(root_hash, 'base64') as root from checkpoint
    order by origin, size desc`;
  await sql.end();
  return rows;
}

async function ready(): Promise<{ readonly status: number; readonly missing: readonly string[] }> {
  const { statusCode, body } = await request(`${system.urls.gateway}/ready`);
  return { status: statusCode, missing: ((await body.json()) as { missing: readonly string[] }).missing };
}

function covered(): Promise<number> {
  return readMetric(system.urls.gateway, 'contactpoint_log_covered');
}

function expectData({ status, text, body }: Answer): void {
  expect(status, text).toBe(200);
  expect(body.data?.child).not.toBeNull();
}

describe('a gateway', () => {
  test('has its answers under a checkpoint soon', async () => {
    const answer = await ask();
    expectData(answer);
    const { origin, index } = receiptOf(answer);
    await expect
      .poll(async () => (await checkpoints()).find((one) => one.origin === origin)?.size ?? 0, {
        timeout: PATIENCE * 1_000,
      })
      .toBeGreaterThan(Number(index));
    expect(await covered()).toBe(1);
  });

  test('releases nothing when its signer has been silent for too long, and goes on by itself when it is back', async () => {
    process.kill(signer(), 'SIGSTOP');
    try {
      expectData(await ask());
      await expect.poll(ready, { timeout: 20_000 }).toEqual({ status: 503, missing: ['checkpoints'] });
      const answer = await ask();
      expect([answer.status, codeOf(answer), answer.body.data]).toEqual([
        503,
        'AUDIT_UNAVAILABLE',
        undefined,
      ]);
      expect(await covered()).toBe(0);
    } finally {
      process.kill(signer(), 'SIGCONT');
    }
    await expect.poll(ready, { timeout: 20_000 }).toEqual({ status: 200, missing: [] });
    expectData(await ask());
  });

  test(
    'begins each boot with the last checkpoint of the one before',
    async () => {
      const former = receiptOf(await ask()).origin;
      await system.restart('gateway');
      const { origin } = receiptOf(await ask());
      expect(origin).not.toBe(former);
      const [boot] = (await readLeaves(system)).filter(
        (leaf) => leaf.origin === origin && leaf.index === '0',
      );
      const last = (await checkpoints()).find((one) => one.origin === former);
      expect(boot?.event).toMatchObject({
        kind: 'boot',
        instance: 'gateway-1',
        previous: { origin: former, size: String(last?.size), rootHash: last?.root },
      });
      const leaves = (await readLeaves(system)).filter((leaf) => leaf.origin === former);
      expect(leaves).toHaveLength(last?.size ?? 0);
    },
    LONG,
  );

  test(
    'that starts while nobody signs starts, says what it waits for, releases nothing, and then does',
    async () => {
      system.services.get('signer')?.kill('SIGKILL');
      await system.services.get('signer')?.ended;
      const former = receiptOf(await ask()).origin;
      const restarting = system.restart('gateway');
      await expect
        .poll(() => ready().catch(() => undefined), { timeout: 60_000 })
        .toEqual({ status: 503, missing: ['audit', 'checkpoints'] });
      const answer = await ask();
      expect([answer.status, codeOf(answer)]).toEqual([503, 'AUDIT_UNAVAILABLE']);
      const said = () => readFileSync(join(system.data, 'logs', 'gateway.log'), 'utf8');
      await expect.poll(said, { timeout: 20_000 }).toContain(`The former log ${former} holds`);
      expect(said()).toContain('the audit log is not open yet');

      await system.restart('signer');
      await restarting;
      expectData(await ask());
    },
    LONG,
  );

  test(
    'of a name that another one has is refused, and says why',
    async () => {
      await expect(startSecondGateway(system, { INSTANCE: 'gateway-1' })).rejects.toThrow(
        /INSTANCE is gateway-1, and another gateway of that name is running/,
      );
      expectData(await ask());
    },
    LONG,
  );
});
