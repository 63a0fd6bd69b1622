import { createAuditDatabase, type TestAuditDatabase } from '@contactpoint/audit-log/testing/audit-database';
import { type Cluster, startCluster } from '@contactpoint/scripts/postgres/embedded-postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../free-port.ts';
import { startCallers } from './crash/callers.ts';
import { type Device, makeDevice, mayMount } from './crash/device.ts';
import { type HeldAgainst, heldAgainst } from './crash/held-against.ts';
import { ROUNDS } from './crash/rounds.ts';
import { startAnswering } from './crash/start-answering.ts';
import { commitWithoutFlush } from './crash/without-flush.ts';

const CALLERS = 64;

/** Little of everything, so that a copy of the disk is quick. */
const SETTINGS = { shared_buffers: '16MB', min_wal_size: '32MB', max_wal_size: '64MB' };

describe.skipIf(!mayMount())('a machine whose power is cut under load', () => {
  let device: Device;
  let cluster: Cluster;

  beforeAll(async () => {
    device = makeDevice(320);
    cluster = await startCluster({ folder: device.folder, port: await freePort(), settings: SETTINGS });
    device.flush();
  });
  afterAll(async () => {
    await cluster?.stop();
    device?.[Symbol.dispose]();
  });

  /** Cuts the power, lets the log's server recover from what is left, and holds the answers of before against it. */
  async function cutAndRecover(
    database: TestAuditDatabase,
    answered: ReadonlyMap<string, string | undefined>,
  ): Promise<HeldAgainst> {
    using left = await device.cut(() => new Map(answered));
    const port = await freePort();
    const recovered = await startCluster({ folder: left.folder, port, settings: SETTINGS });
    try {
      const url = new URL(database.readerUrl);
      url.port = String(port);
      return await heldAgainst(url.href, left.seen);
    } finally {
      await recovered.stop();
    }
  }

  test('has everything that it answered in the log, and the log no gap, time and again', async () => {
    const database = await createAuditDatabase(cluster.url);
    const answering = await startAnswering(database.writerUrl, 'test/cut');
    const callers = startCallers(answering.url, CALLERS);
    let size = 0;
    for (let round = 0; round < ROUNDS; round++) {
      await callers.some();
      const { lost, faults, hashes } = await cutAndRecover(database, callers.answered);
      expect({ lost, faults }).toEqual({ lost: [], faults: [] });
      size = hashes.get('test/cut')?.length ?? 0;
    }
    expect(size).toBeGreaterThan(100);
    await callers.end();
    await answering.kill();
  }, 600_000);

  test('is caught when the server does not flush', async () => {
    const database = await createAuditDatabase(cluster.url);
    await commitWithoutFlush(database.ownerUrl);
    const answering = await startAnswering(database.writerUrl, 'test/unflushed');
    const callers = startCallers(answering.url, CALLERS);
    await callers.some();
    const { lost } = await cutAndRecover(database, callers.answered);
    expect(lost.length).toBeGreaterThan(0);
    await callers.end();
    await answering.kill();
  });

  test('is caught when it answers before the commit', async () => {
    const database = await createAuditDatabase(cluster.url);
    const answering = await startAnswering(database.writerUrl, 'test/early', 'answers-early');
    const callers = startCallers(answering.url, CALLERS);
    await callers.some();
    const { lost } = await cutAndRecover(database, callers.answered);
    expect(lost.length).toBeGreaterThan(0);
    await callers.end();
    await answering.kill();
  });
});
