import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Cluster, startCluster } from '@contactpoint/scripts/postgres/embedded-postgres';
import { readAndReconcile } from '@contactpoint/scripts/reconcile/read-and-reconcile';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { receiptOf } from '../access/access-log.ts';
import { readJournals } from '../access/agency-journals.ts';
import { RECORD } from '../access/operations/doors.ts';
import { freePort } from '../free-port.ts';
import { readMetric } from '../metric.ts';
import { type Answer, startTestSystem, type TestSystem } from '../running-system.ts';
import { type Device, makeDevice, mayMount } from './crash/device.ts';
import { heldAgainst } from './crash/held-against.ts';
import { killServer, serverProcesses, stateOfProcess } from './server-processes.ts';

/** Milliseconds: the log's own deadline of 2 s, and as much again for a busy machine. */
const WITHIN = 4_000;

/** Seconds without a checkpoint that the gateway bears; 60 in the field. */
const PATIENCE = 4;

const SETTINGS = {
  ...{ shared_buffers: '16MB', min_wal_size: '32MB', max_wal_size: '64MB' },
  // A new segment of the write-ahead log takes new blocks.
  wal_recycle: 'off',
};

const PRELOAD = fileURLToPath(new URL('shifted-clock.ts', import.meta.url));

describe.skipIf(!mayMount())('a gateway', { timeout: 120_000 }, () => {
  let device: Device;
  let cluster: Cluster;
  let port: number;
  let folder: string;
  let system: TestSystem;
  let gateway: number | undefined;
  let deeds = 0;
  const receipts: string[] = [];

  beforeAll(async () => {
    device = makeDevice(320);
    port = await freePort();
    cluster = await startCluster({ folder: device.folder, port, settings: SETTINGS });
    device.flush();
    folder = mkdtempSync(join(tmpdir(), 'contactpoint-faults-'));
    system = await startTestSystem({
      auditDatabaseUrl: cluster.url,
      gatewayEnvironment: {
        CHECKPOINT_PATIENCE: String(PATIENCE),
        NODE_OPTIONS: `--import ${PRELOAD}`,
        CLOCK_SHIFT: join(folder, 'shift'),
      },
    });
    gateway = system.services.get('gateway')?.pid;
  });
  afterAll(async () => {
    await system?.remove();
    await cluster?.stop();
    device?.[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    expectData(await view());
  });

  /** Whatever was wrong, it is over: the same gateway answers again, and what it had answered before is on record. */
  afterEach(async () => {
    // A log may be back before the signer is: it takes leaves for as long as it bears a signer's silence, and then none again.
    const silence = () => readMetric(system.urls.gateway, 'contactpoint_signer_silence_seconds');
    await expect.poll(silence, { timeout: 60_000, interval: 200 }).toBeLessThan(PATIENCE / 3);
    await expect.poll(async () => (await view()).status, { timeout: 60_000, interval: 200 }).toBe(200);
    expectData(await view());
    expect(system.services.get('gateway')?.pid).toBe(gateway);
    const answered = new Map(receipts.map((receipt) => [receipt, undefined]));
    const { lost, faults } = await heldAgainst(system.clusters.audit.readerUrl, answered);
    expect({ lost, faults }).toEqual({ lost: [], faults: [] });
  });

  const view = () =>
    system.ask('social-worker', {
      query: 'query UnderFault($id: ID!) { child(id: $id) { id familyName } }',
      ...{ variables: { id: system.scenarios.joined }, purpose: 'S47' },
    });

  function expectData({ status, text, headers, body }: Answer): void {
    expect(status, text).toBe(200);
    expect(body.data.child.familyName).not.toBeNull();
    const { origin, index } = receiptOf({ headers } as Answer);
    receipts.push(`${origin} ${index}`);
  }

  /**
   * Until the fault is felt, answers are kept; then there are none, in time, and nothing is done.
   *
   * @param provoke Done before each attempt: a server that came back by itself may have room for a few writes more.
   */
  async function expectRefusals(provoke: () => Promise<unknown> = async () => undefined): Promise<void> {
    for (const until = performance.now() + 60_000; ; await sleep(20)) {
      await provoke();
      const begun = performance.now();
      const answer = await view();
      expect(performance.now() - begun).toBeLessThan(WITHIN);
      if (answer.status === 200) expectData(answer);
      else if ((await deedStatus()) === 503) return;
      expect(performance.now(), 'the fault is felt').toBeLessThan(until);
    }
  }

  /** One that is refused was not done. */
  async function deedStatus(): Promise<number> {
    const service = `Under fault ${++deeds}`;
    const input = { childId: system.scenarios.unrelated, service, from: '2026-11-01' };
    const deed = await system.ask('social-worker', { query: RECORD, variables: { input }, purpose: 'S47' });
    if (deed.status === 503) expect(deed.body.data).toBeUndefined();
    expect(await involvements(service)).toBe(deed.status === 503 ? 0 : 1);
    return deed.status;
  }

  async function involvements(service: string): Promise<number> {
    const sql = postgres(system.databases.directory, { max: 1 });
    const [row] = await sql<{ count: number }[]>`
      select count(*)::int from involvement where service = ${service}`;
    await sql.end();
    return row?.count ?? 0;
  }

  /** Of a server that may be ending or recovering: the driver does not notice each of its ends, and waits. */
  async function asOwner(work: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
    const sql = postgres(cluster.url, {
      ...{ max: 1, fetch_types: false, connect_timeout: 5, onnotice: () => undefined },
    });
    const patience = AbortSignal.timeout(10_000);
    try {
      await Promise.race([work(sql), once(patience, 'abort').then(() => patience.throwIfAborted())]);
    } finally {
      await sql.end({ timeout: 1 });
    }
  }

  const switchSegment = () => asOwner((sql) => sql`select pg_switch_wal()`).catch(() => undefined);

  /** The server may have given up by itself, and comes back where it was. */
  async function restartServer(): Promise<void> {
    await killServer(join(device.folder, 'data'));
    cluster = await startCluster({ folder: device.folder, port, settings: SETTINGS });
  }

  /**
   * One that cannot even recover for want of room ends, which it may be about to do when there is room again. One that does
   * neither is restarted, as whoever watches over it would.
   */
  async function backOrRestarted(): Promise<void> {
    const data = join(device.folder, 'data');
    for (const until = performance.now() + 20_000; performance.now() < until; await sleep(200)) {
      if (serverProcesses(data).length === 0) return restartServer();
      if (
        await asOwner((sql) => sql`select 1`).then(
          () => true,
          () => false,
        )
      )
        return;
    }
    console.warn('PostgreSQL has not come back by itself:', serverProcesses(data).map(stateOfProcess));
    await restartServer();
  }

  test('whose log’s disk is full refuses, and goes on when there is room', async () => {
    {
      using _full = device.fill();
      // What is left of the present page would take some more.
      await expectRefusals(switchSegment);
    }
    await backOrRestarted();
  });

  test('whose log’s disk hangs refuses in time, and goes on when it moves again', async () => {
    using _hanging = device.hang();
    await expectRefusals();
  });

  test('whose log’s disk fails refuses, and goes on when it is repaired', async () => {
    {
      using _failing = device.fail();
      await expectRefusals(switchSegment);
    }
    await killServer(join(device.folder, 'data'));
    device.remount();
    await restartServer();
  });

  test('whose log is slow answers as slowly, and beyond the deadline refuses', async () => {
    await asOwner(
      (sql) => sql`
        create function dawdle() returns trigger language plpgsql as $$
        begin
          perform pg_sleep(current_setting('test.seconds', true)::float);
          return null;
        end $$`,
    );
    await asOwner(
      (sql) => sql`create trigger dawdle before insert on leaf for each statement execute function dawdle()`,
    );
    const take = (seconds: number) =>
      asOwner((sql) => sql.unsafe(`alter database postgres set test.seconds = '${seconds}'`)).then(() =>
        asOwner(
          (sql) => sql`
            select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'contactpoint-audit-log'`,
        ),
      );
    try {
      await take(0.4);
      await expect.poll(async () => (await view()).status, { timeout: 60_000 }).toBe(200);
      const begun = performance.now();
      expectData(await view());
      expect(performance.now() - begun).toBeGreaterThan(350);
      await take(5);
      await expectRefusals();
    } finally {
      await asOwner((sql) => sql`drop trigger dawdle on leaf`).catch(async () => {
        await restartServer();
        await asOwner((sql) => sql`drop trigger dawdle on leaf`);
      });
    }
  });

  test('that nobody signs for refuses, asks no agency anything, and goes on when there is a signer', async () => {
    system.services.get('signer')?.kill('SIGKILL');
    await system.services.get('signer')?.ended;
    try {
      await expectRefusals();
      const journaled = (await readJournals(system)).length;
      expect((await view()).status).toBe(503);
      expect((await readJournals(system)).length).toBe(journaled);
    } finally {
      await system.restart('signer');
    }
  });

  test('whose clock is set back refuses, and goes on when it is right again', async () => {
    writeFileSync(join(folder, 'shift'), '-3600');
    // What was believed of the caller a moment ago is believed for one second more.
    await sleep(1_500);
    const answer = await view();
    expect(answer.status, answer.text).toBe(503);
    expect(answer.body.data).toBeUndefined();
    rmSync(join(folder, 'shift'));
  });

  test('after all of that has shown nothing past its log', async () => {
    // As somebody would find it a few minutes from now, when nothing is under way any more.
    const readAt = new Date(Date.now() + 300_000);
    const { findings, explained } = await readAndReconcile({ data: system.data }, {}, readAt);
    expect(findings).toEqual([]);
    expect(explained.bootEnded).toBe(0);
  });
});
