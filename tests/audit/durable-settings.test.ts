import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditLog } from '@contactpoint/audit-log/audit-log';
import { openPostgresLog } from '@contactpoint/audit-log/postgres-log';
import { createAuditDatabase, type TestAuditDatabase } from '@contactpoint/audit-log/testing/audit-database';
import { type Cluster, startCluster } from '@contactpoint/scripts/postgres/embedded-postgres';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../free-port.ts';
import { killServer } from './server-processes.ts';

/** Milliseconds within which what is wrong with the server must be noticed, with nobody appending. */
const NOTICED = 10_000;

let folder: string;
let port: number;
let cluster: Cluster;
let database: TestAuditDatabase;
let opened: AuditLog | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'contactpoint-durable-settings-'));
  port = await freePort();
  cluster = await startCluster({ folder, port });
  database = await createAuditDatabase(cluster.url);
});

afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

afterAll(async () => {
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const leafOf = (text: string) => Buffer.from(text);

async function openLog(instance: string): Promise<AuditLog> {
  opened = await openPostgresLog({ url: database.writerUrl, origin: `test/${instance}` });
  return opened;
}

async function asOwner(...statements: readonly string[]): Promise<void> {
  const sql = postgres(database.ownerUrl, { max: 1, onnotice: () => undefined });
  for (const statement of statements) await sql.unsafe(statement);
  await sql.end();
}

const reload = 'select pg_reload_conf()';
const isWell = (log: AuditLog, well: boolean) =>
  expect.poll(() => log.healthy, { timeout: NOTICED }).toBe(well);

async function expectRefused(log: AuditLog, problem: string): Promise<void> {
  await isWell(log, false);
  await expect
    .poll(() => log.append(leafOf('refused')).catch((error: Error) => (error.cause as Error)?.message))
    .toContain(problem);
}

async function kept(origin: string): Promise<string[]> {
  const sql = postgres(database.readerUrl, { max: 1 });
  const rows = await sql<{ leaf: Buffer }[]>`select leaf from leaf where origin = ${origin} order by index`;
  await sql.end();
  return rows.map(({ leaf }) => leaf.toString());
}

describe('while a log is written and nobody appends, its server is seen', () => {
  test.each([
    ['fsync', 'fsync = off'],
    ['full_page_writes', 'full_page_writes = off'],
  ])('to lose %s, refuses, and goes on once it is back', async (setting, problem) => {
    const log = await openLog(setting);
    await log.append(leafOf('0'));
    await asOwner(`alter system set ${setting} = off`, reload);
    await expectRefused(log, `The audit database would lose what it acknowledged: ${problem}`);
    await asOwner(`alter system reset ${setting}`, reload);
    await isWell(log, true);
    expect((await log.append(leafOf('1'))).index).toBe(1n);
  });

  test('to hold the log in a table that a crash empties', async () => {
    const log = await openLog('unlogged');
    await log.append(leafOf('0'));
    const today = `leaf_${new Date().toISOString().slice(0, 10).replaceAll('-', '')}`;
    await asOwner(`alter table ${today} set unlogged`);
    await expectRefused(log, `The audit database would lose tables that are unlogged: ${today}`);
    await asOwner(`alter table ${today} set logged`);
    await isWell(log, true);
  });
});

describe('a commit that waits for no disk', () => {
  const NOT_WAITING = [
    'alter system set synchronous_commit = off',
    'alter system set wal_writer_delay = 10000',
  ];

  test('is not to be had by a setting of the server, the database or the role', async () => {
    const { username, pathname } = new URL(database.writerUrl);
    const name = pathname.slice(1);
    await asOwner(
      ...NOT_WAITING,
      `alter database ${name} set synchronous_commit = off`,
      `alter role ${username} set synchronous_commit = off`,
      `alter role ${username} in database ${name} set synchronous_commit = off`,
      reload,
      'create table control (text text)',
    );
    const log = await openLog('asynchronous');
    await log.append(leafOf('acknowledged'));
    const owner = postgres(database.ownerUrl, { max: 1 });
    const [writer] = await owner<{ pid: number }[]>`
      select pid from pg_stat_activity where backend_type = 'walwriter'`;
    // Whatever it would bring to the disk by itself.
    process.kill(writer?.pid ?? 0, 'SIGSTOP');
    await log.append(leafOf('acknowledged as well'));
    await owner`insert into control values ('acknowledged to who had not asked for more')`;
    await killServer(join(folder, 'data'));
    await cluster.ended;
    await owner.end({ timeout: 0 });

    cluster = await startCluster({ folder, port });
    expect(await kept('test/asynchronous')).toEqual(['acknowledged', 'acknowledged as well']);
    const again = postgres(database.ownerUrl, { max: 1 });
    // The control: such a commit is lost, so that what is there was flushed before it was acknowledged.
    expect(await again`select * from control`).toHaveLength(0);
    await again.end();
    await asOwner(
      'alter system reset all',
      `alter database ${name} reset all`,
      `alter role ${username} reset all`,
      `alter role ${username} in database ${name} reset all`,
      reload,
    );
  });

  test('is refused where the owner of the database has the append itself bring it about', async () => {
    const log = await openLog('triggered');
    await log.append(leafOf('0'));
    await asOwner(
      `create function not_waiting() returns trigger language plpgsql as $$
        begin perform set_config('synchronous_commit', 'off', true); return null; end $$`,
      'create trigger not_waiting after insert on leaf for each statement execute function not_waiting()',
    );
    await expect(log.append(leafOf('1'))).rejects.toMatchObject({
      code: 'STORE_FAILED',
      cause: { message: 'The audit database would lose what it acknowledged: synchronous_commit = off' },
    });
    await asOwner('drop trigger not_waiting on leaf', 'drop function not_waiting()');
    await isWell(log, true);
    await log.append(leafOf('2'));
  });
});
