import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { AppendError } from '@contactpoint/audit-log/append-error';
import type { AuditLog } from '@contactpoint/audit-log/audit-log';
import { openPostgresLog } from '@contactpoint/audit-log/postgres-log';
import { createAuditDatabase, type TestAuditDatabase } from '@contactpoint/audit-log/testing/audit-database';
import { type Cluster, startCluster } from '@contactpoint/scripts/postgres/embedded-postgres';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../free-port.ts';
import { startAppends } from './unceasing-appends.ts';

const DEADLINE = 500;

let folder: string;
let port: number;
let cluster: Cluster;
let database: TestAuditDatabase;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'contactpoint-durable-log-'));
  port = await freePort();
  cluster = await startCluster({ folder, port });
  database = await createAuditDatabase(cluster.url);
});

afterAll(async () => {
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const openLog = (instance: string) =>
  openPostgresLog({ url: database.writerUrl, origin: `test/${instance}`, deadline: DEADLINE });
const leafOf = (text: string) => Buffer.from(text);

async function untilHealthy(log: AuditLog): Promise<void> {
  await expect.poll(() => log.healthy, { timeout: 20_000, interval: 20 }).toBe(true);
}

async function kept(origin: string): Promise<string[]> {
  const sql = postgres(database.readerUrl, { max: 1 });
  const rows = await sql<{ index: string; leaf: Buffer }[]>`
    select index, leaf from leaf where origin = ${origin} order by index`;
  await sql.end();
  expect(rows.map(({ index }) => index)).toEqual(rows.map((_row, place) => String(place)));
  return rows.map(({ leaf }) => leaf.toString());
}

async function serverProcesses(): Promise<number[]> {
  const sql = postgres(cluster.url, { max: 1 });
  const rows = await sql<{ pid: number }[]>`
    select pid from pg_stat_activity where application_name = 'contactpoint-audit-log'`;
  await sql.end();
  return [cluster.pid, ...rows.map(({ pid }) => pid)];
}

describe('a log whose server', () => {
  test('hangs answers within the deadline, is not ready, and goes on when the server does', async () => {
    const log = await openLog('hanging');
    await log.append(leafOf('0'));
    const processes = await serverProcesses();
    for (const pid of processes) process.kill(pid, 'SIGSTOP');
    try {
      const start = performance.now();
      const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((text) => log.append(leafOf(text))));
      expect(performance.now() - start).toBeLessThan(DEADLINE * 2);
      for (const outcome of outcomes) {
        expect(outcome).toMatchObject({
          status: 'rejected',
          reason: { name: 'AppendError', code: 'DEADLINE' },
        });
      }
      expect(log.healthy).toBe(false);
    } finally {
      for (const pid of processes) process.kill(pid, 'SIGCONT');
    }
    await untilHealthy(log);
    await log.append(leafOf('last'));
    const leaves = await kept(log.origin);
    expect([leaves.at(0), leaves.at(-1)]).toEqual(['0', 'last']);
    await log.close();
  });

  test('is killed under load and comes back has every leaf that was acknowledged, without a gap', async () => {
    const log = await openLog('killed');
    const appends = startAppends(log, 64);
    const { acknowledged } = appends;
    await expect.poll(() => acknowledged.size).toBeGreaterThan(200);
    process.kill(cluster.pid, 'SIGKILL');
    await cluster.ended;
    await expect.poll(() => log.healthy).toBe(false);
    await restarted();
    await untilHealthy(log);
    const before = acknowledged.size;
    await expect.poll(() => acknowledged.size).toBeGreaterThan(before + 200);
    await appends.end();

    const leaves = await kept(log.origin);
    expect(appends.rejected).toBeGreaterThan(0);
    for (const [index, text] of acknowledged) expect(leaves[Number(index)]).toBe(text);
    await log.close();
  });

  test('is stopped refuses at once what comes after the first failure', async () => {
    const log = await openLog('stopped');
    await cluster.stop();
    await expect
      .poll(() => log.append(leafOf('x')).catch((error: AppendError) => error.code))
      .toBe('STORE_FAILED');
    const start = performance.now();
    await expect(log.append(leafOf('y'))).rejects.toMatchObject({ code: 'STORE_FAILED' });
    expect(performance.now() - start).toBeLessThan(50);
    await restarted();
    await untilHealthy(log);
    expect((await log.append(leafOf('z'))).index).toBe(0n);
    await log.close();
  });
});

/** A killed server leaves processes that hold its memory for a moment. */
async function restarted(): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      cluster = await startCluster({ folder, port });
      return;
    } catch (error) {
      if (attempt === 20) throw error;
    }
  }
}
