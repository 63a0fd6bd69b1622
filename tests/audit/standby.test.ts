import {
  chmodSync,
  chownSync,
  cpSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditLog } from '@contactpoint/audit-log/audit-log';
import { openPostgresLog } from '@contactpoint/audit-log/postgres-log';
import { createAuditDatabase, type TestAuditDatabase } from '@contactpoint/audit-log/testing/audit-database';
import { type Cluster, startCluster } from '@contactpoint/scripts/postgres/embedded-postgres';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../free-port.ts';

const DEADLINE = 700;

let folder: string;
let ports: { readonly primary: number; readonly standby: number };
let primary: Cluster;
let standby: Cluster;
let database: TestAuditDatabase;

const inFolder = (name: string) => join(folder, name);
const startPrimary = () =>
  startCluster({ folder: inFolder('primary'), port: ports.primary, settings: { wal_keep_size: '64MB' } });
const startStandby = () => {
  const { username, password } = new URL(primary.url);
  const settings = {
    primary_conninfo: `host=127.0.0.1 port=${ports.primary} user=${username} password=${password} application_name=standby`,
    hot_standby: 'on',
    wal_receiver_status_interval: '1s',
    wal_retrieve_retry_interval: '200ms',
  };
  return startCluster({ folder: inFolder('standby'), port: ports.standby, settings });
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'contactpoint-standby-'));
  ports = { primary: await freePort(), standby: await freePort() };
  primary = await startPrimary();
  database = await createAuditDatabase(primary.url);
  await primary.stop();
  // A copy of a cluster that is shut down is a base backup.
  cpSync(inFolder('primary'), inFolder('standby'), { recursive: true });
  writeFileSync(join(inFolder('standby'), 'data', 'standby.signal'), '');
  ownAs(inFolder('standby'), lstatSync(join(inFolder('primary'), 'data')).uid);
  primary = await startPrimary();
  await waitFor('standby');
  standby = await startStandby();
});

afterAll(async () => {
  await standby?.stop();
  await primary?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Whom commits wait for from now on, as an administrator says so to a server that runs. */
async function waitFor(names: string): Promise<void> {
  const admin = postgres(primary.url, { max: 1 });
  await admin.unsafe(`alter system set synchronous_standby_names = '${names}'`);
  await admin`select pg_reload_conf()`;
  await admin.end();
}

const openLog = (origin: string, standbys = 1): Promise<AuditLog> =>
  openPostgresLog({ url: database.writerUrl, origin, standbys, deadline: DEADLINE });

async function keptByStandby(origin: string): Promise<string[]> {
  const url = new URL(database.ownerUrl);
  url.port = String(ports.standby);
  const sql = postgres(url.href, { max: 1 });
  const rows = await sql<{ leaf: Buffer }[]>`select leaf from leaf where origin = ${origin} order by index`;
  await sql.end();
  return rows.map(({ leaf }) => leaf.toString());
}

describe('a log that requires a synchronous standby', () => {
  test('has on it what it acknowledged, waits for one that is gone no longer than its deadline, and goes on with it', async () => {
    const log = await openLog('with a standby');
    await log.append(Buffer.from('kept by both'));
    await expect.poll(() => keptByStandby('with a standby')).toEqual(['kept by both']);

    process.kill(standby.pid, 'SIGKILL');
    await standby.ended;
    const begun = performance.now();
    await expect(log.append(Buffer.from('waits in vain'))).rejects.toMatchObject({ code: 'DEADLINE' });
    expect(performance.now() - begun).toBeLessThan(DEADLINE * 2);
    expect(log.healthy).toBe(false);

    standby = await startStandby();
    await expect.poll(() => log.healthy, { timeout: 20_000 }).toBe(true);
    await log.append(Buffer.from('kept by both again'));
    await expect
      .poll(() => keptByStandby('with a standby'), { timeout: 20_000 })
      .toEqual(expect.arrayContaining(['kept by both', 'kept by both again']));
    await log.close();
  });

  test('does not take a commit for one that somebody kept from waiting', async () => {
    const log = await openLog('cancelled');
    process.kill(standby.pid, 'SIGKILL');
    await standby.ended;
    const pending = log.append(Buffer.from('on the primary alone')).catch((error: unknown) => error);
    const admin = postgres(primary.url, { max: 1, onnotice: () => undefined });
    await expect
      .poll(
        async () => {
          const rows = await admin`
          select pg_cancel_backend(pid) from pg_stat_activity
          where application_name = 'contactpoint-audit-log' and wait_event = 'SyncRep'`;
          return rows.length;
        },
        { interval: 10 },
      )
      .toBeGreaterThan(0);
    expect(await pending).toMatchObject({ name: 'AppendError', code: 'STORE_FAILED' });
    await admin.end();
    standby = await startStandby();
    await expect.poll(() => log.healthy, { timeout: 20_000 }).toBe(true);
    await log.close();
  });

  test('refuses within seconds once the server waits for none any more, and goes on when it does', async () => {
    const log = await openLog('struck off');
    await log.append(Buffer.from('kept by both'));
    await waitFor('');
    await expect.poll(() => log.healthy, { timeout: 10_000 }).toBe(false);
    await expect
      .poll(() => log.append(Buffer.from('on one')).catch((error: Error) => (error.cause as Error)?.message))
      .toContain('waits for 0 standbys, and 1 are required: synchronous_standby_names');
    await waitFor('standby');
    await expect.poll(() => log.healthy, { timeout: 20_000 }).toBe(true);
    await log.append(Buffer.from('kept by both again'));
    await log.close();
  });

  test('does not take a commit for one whose standby was struck off while it waited', async () => {
    const log = await openPostgresLog({
      ...{ url: database.writerUrl, origin: 'let go', standbys: 1 },
      // Longer than it takes to strike it off.
      deadline: 20_000,
    });
    process.kill(standby.pid, 'SIGKILL');
    await standby.ended;
    const pending = log.append(Buffer.from('on the primary alone')).catch((error: unknown) => error);
    const admin = postgres(primary.url, { max: 1 });
    await expect
      .poll(async () => (await admin`select from pg_stat_activity where wait_event = 'SyncRep'`).length, {
        interval: 10,
      })
      .toBeGreaterThan(0);
    await admin.end();
    await waitFor('');
    expect(await pending).toMatchObject({
      code: 'STORE_FAILED',
      cause: { message: expect.stringContaining('waits for 0 standbys') },
    });
    await waitFor('standby');
    standby = await startStandby();
    await expect.poll(() => log.healthy, { timeout: 20_000 }).toBe(true);
    await log.close();
  });

  test('does not open on a server that waits for fewer', async () => {
    await expect(openLog('too few', 2)).rejects.toThrow('waits for 1 standbys, and 2 are required');
  });
});

function ownAs(path: string, uid: number): void {
  if (lstatSync(path).uid !== uid) chownSync(path, uid, uid);
  if (!lstatSync(path).isDirectory()) return;
  chmodSync(path, 0o700);
  for (const name of readdirSync(path)) ownAs(join(path, name), uid);
}
