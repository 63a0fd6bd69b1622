import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuditDatabase, type TestAuditDatabase } from '@contactpoint/audit-log/testing/audit-database';
import { type Cluster, startCluster } from '@contactpoint/scripts/postgres/embedded-postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../free-port.ts';
import { startCallers } from './crash/callers.ts';
import { heldAgainst } from './crash/held-against.ts';
import { ROUNDS } from './crash/rounds.ts';
import { startAnswering, type Variant } from './crash/start-answering.ts';
import { commitWithoutFlush } from './crash/without-flush.ts';
import { killServer } from './server-processes.ts';

/** Many enough that there are always some whose commit is under way. */
const CALLERS = 64;

let folder: string;
let port: number;
let cluster: Cluster;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'contactpoint-crash-'));
  port = await freePort();
  cluster = await startCluster({ folder, port });
});
afterAll(async () => {
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const rounds = Array.from({ length: ROUNDS }, (_, round) => [round + 1] as const);

/** Kills the answering process at a random moment under load. */
async function killProcess(database: TestAuditDatabase, origin: string, variant: Variant = 'sound') {
  const answering = await startAnswering(database.writerUrl, origin, variant);
  const callers = startCallers(answering.url, CALLERS);
  await callers.some();
  await answering.kill();
  await callers.end();
  expect(callers.broken).toBeGreaterThan(0);
  return await heldAgainst(database.readerUrl, callers.answered);
}

describe('a process that answers, killed under load', { timeout: 120_000 }, () => {
  test.each(rounds)(
    'has everything that it answered in the log, and the log no gap: round %d',
    async (round) => {
      const database = await createAuditDatabase(cluster.url);
      expect(await killProcess(database, `test/killed-${round}`)).toMatchObject({ lost: [], faults: [] });
    },
  );

  test('is caught when it answers before the commit', async () => {
    const database = await createAuditDatabase(cluster.url);
    const lost: string[] = [];
    // The batch that is on its way to the server may be all there is, and arrives.
    for (let attempt = 0; attempt < 10 && lost.length === 0; attempt++) {
      lost.push(...(await killProcess(database, `test/early-${attempt}`, 'answers-early')).lost);
    }
    expect(lost.length).toBeGreaterThan(0);
  });

  test('is not caught when the server does not flush: only a power cut does that', async () => {
    const database = await createAuditDatabase(cluster.url);
    await commitWithoutFlush(database.ownerUrl);
    expect(await killProcess(database, 'test/unflushed')).toMatchObject({ lost: [], faults: [] });
  });
});

describe('PostgreSQL, killed under load', { timeout: 900_000 }, () => {
  test('comes back with everything that was answered, and the process goes on with it, time and again', async () => {
    const database = await createAuditDatabase(cluster.url);
    const answering = await startAnswering(database.writerUrl, 'test/server-killed');
    const callers = startCallers(answering.url, CALLERS);
    for (let round = 0; round < ROUNDS; round++) {
      await callers.some();
      await killServer(join(folder, 'data'));
      await cluster.ended;
      cluster = await startCluster({ folder, port });

      const held = await heldAgainst(database.readerUrl, new Map(callers.answered));
      expect(held).toMatchObject({ lost: [], faults: [] });
    }
    await callers.some();
    await callers.end();
    await answering.kill();
    expect(callers.broken).toBeGreaterThan(0);
    const { lost, faults, hashes } = await heldAgainst(database.readerUrl, callers.answered);
    expect({ lost, faults }).toEqual({ lost: [], faults: [] });
    expect(hashes.get('test/server-killed')?.length).toBeGreaterThanOrEqual(callers.answered.size);
  });
});
