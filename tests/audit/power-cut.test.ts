import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { readCheckpoint } from '@contactpoint/audit-log/checkpoint';
import { MerkleTree } from '@contactpoint/audit-log/merkle';
import { readNote } from '@contactpoint/audit-log/note-format';
import { createAuditDatabase, type TestAuditDatabase } from '@contactpoint/audit-log/testing/audit-database';
import { type Cluster, startCluster } from '@contactpoint/scripts/postgres/embedded-postgres';
import postgres from 'postgres';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { receiptOf } from '../access/access-log.ts';
import { freePort } from '../free-port.ts';
import { startTestSystem, type TestSystem } from '../running-system.ts';
import { type Callers, startCallers } from './crash/callers.ts';
import { type Device, makeDevice, mayMount } from './crash/device.ts';
import { type HeldAgainst, heldAgainst } from './crash/held-against.ts';
import { ROUNDS } from './crash/rounds.ts';
import { startAnswering } from './crash/start-answering.ts';
import { commitWithoutFlush } from './crash/without-flush.ts';
import { startLoad } from './load.ts';

const CALLERS = 64;

/** Little of everything, so that a copy of the disk is quick. */
const SETTINGS = { shared_buffers: '16MB', min_wal_size: '32MB', max_wal_size: '64MB' };

/** A whole system is slower to fill; what its log promises is tried above as well. */
const SYSTEM_ROUNDS = ROUNDS === 3 ? 1 : ROUNDS;

describe.skipIf(!mayMount())('a machine whose power is cut under load', { timeout: 900_000 }, () => {
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

  /** Cuts the power, lets the log's server recover from what is left, and looks at it with what was seen before. */
  async function cutAndRecover<Seen, Found>(
    see: () => Seen,
    look: (seen: Seen, port: number) => Promise<Found>,
  ): Promise<Found> {
    using left = await device.cut(see);
    const port = await freePort();
    const recovered = await startCluster({ folder: left.folder, port, settings: SETTINGS });
    try {
      return await look(left.seen, port);
    } finally {
      await recovered.stop();
    }
  }

  /** Holds the answers of before against what is left. */
  async function cut(
    { readerUrl }: TestAuditDatabase,
    { answered }: Pick<Callers, 'answered'>,
  ): Promise<HeldAgainst> {
    return await cutAndRecover(
      () => new Map(answered),
      (before, port) => heldAgainst(onPort(readerUrl, port), before),
    );
  }

  test('has everything that it answered in the log, and the log no gap, time and again', async () => {
    const database = await createAuditDatabase(cluster.url);
    const answering = await startAnswering(database.writerUrl, 'test/cut');
    const callers = startCallers(answering.url, CALLERS);
    let size = 0;
    for (let round = 0; round < ROUNDS; round++) {
      await callers.some();
      const { lost, faults, hashes } = await cut(database, callers);
      expect({ lost, faults }).toEqual({ lost: [], faults: [] });
      size = hashes.get('test/cut')?.length ?? 0;
    }
    expect(size).toBeGreaterThan(100);
    await callers.end();
    await answering.kill();
  });

  test('is caught when the server does not flush', async () => {
    const database = await createAuditDatabase(cluster.url);
    await commitWithoutFlush(database.ownerUrl);
    const answering = await startAnswering(database.writerUrl, 'test/unflushed');
    const callers = startCallers(answering.url, CALLERS);
    await callers.some();
    const { lost } = await cut(database, callers);
    expect(lost.length).toBeGreaterThan(0);
    await callers.end();
    await answering.kill();
  });

  test('is caught when it answers before the commit', async () => {
    const database = await createAuditDatabase(cluster.url);
    const answering = await startAnswering(database.writerUrl, 'test/early', 'answers-early');
    const callers = startCallers(answering.url, CALLERS);
    await callers.some();
    const { lost } = await cut(database, callers);
    expect(lost.length).toBeGreaterThan(0);
    await callers.end();
    await answering.kill();
  });

  test('as a whole has every answer of the gateway in the log, as signed by the last checkpoint that was seen', async () => {
    const system = await startTestSystem({ auditDatabaseUrl: cluster.url });
    const load = await startLoad(system, 32);
    const checkpoints = watchCheckpoints(system);
    let covered = 1n;
    try {
      for (let round = 0; round < SYSTEM_ROUNDS; round++) {
        const enough = load.replies.length + 50 + randomInt(100);
        await expect.poll(() => load.replies.length, { timeout: 60_000 }).toBeGreaterThan(enough);
        // So many answers may take less than the second to the next checkpoint.
        await expect.poll(() => sizeOf(checkpoints.latest), { timeout: 60_000 }).toBeGreaterThan(covered);
        await cutAndRecover(
          () => ({ replies: [...load.replies], note: checkpoints.latest }),
          async ({ replies, note }, port) => {
            const receipts = replies.flatMap(({ status, receipt }) =>
              status === 200 ? (receipt ?? '') : [],
            );
            expect(receipts.length).toBeGreaterThan(50);
            const answered = new Map(receipts.map((receipt) => [receipt, undefined]));
            const url = onPort(system.clusters.audit.readerUrl, port);
            const { lost, faults, hashes } = await heldAgainst(url, answered);
            expect({ lost, faults }).toEqual({ lost: [], faults: [] });

            const { origin, size, root } = readCheckpoint(readNote(note).text);
            expect(size).toBeGreaterThan(covered);
            covered = size;
            const tree = new MerkleTree(hashes.get(origin)?.slice(0, Number(size)));
            expect(Buffer.from(tree.root(Number(size)))).toEqual(Buffer.from(root));
            expect(await signedSizes(url, origin)).toContain(size);
          },
        );
      }
    } finally {
      await Promise.all([load.end(), checkpoints.end()]);
      await system.remove();
    }
  });
});

/** Leaves; none before there is a checkpoint. */
function sizeOf(note: string): bigint {
  return note === '' ? 0n : readCheckpoint(readNote(note).text).size;
}

/** Asks the signer for the gateway's newest checkpoint, again and again, as whoever keeps watch would. */
function watchCheckpoints(system: TestSystem) {
  let latest = '';
  let over = false;
  const watching = (async () => {
    const origin = receiptOf(await system.ask('auditor', { query: '{ __typename }' })).origin;
    while (!over) {
      const { statusCode, body } = await request(`${system.urls.signer}/${origin}/checkpoint`);
      const note = await body.text();
      if (statusCode === 200) latest = note;
      await sleep(50);
    }
  })();
  return {
    get latest() {
      return latest;
    },
    async end() {
      over = true;
      await watching;
    },
  };
}

async function signedSizes(readerUrl: string, origin: string): Promise<bigint[]> {
  const sql = postgres(readerUrl, { max: 1 });
  const rows = await sql<{ size: string }[]>`select size from checkpoint where origin = ${origin}`;
  await sql.end();
  return rows.map(({ size }) => BigInt(size));
}

function onPort(url: string, port: number): string {
  const moved = new URL(url);
  moved.port = String(port);
  return moved.href;
}
