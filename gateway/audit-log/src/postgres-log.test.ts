import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppendError, AuditStoreError } from './append-error.ts';
import type { AuditLog, LeafReceipt } from './audit-log.ts';
import { leafHash } from './merkle.ts';
import { openPostgresLog, type PostgresLogOptions } from './postgres-log.ts';
import { createAuditDatabase, type TestAuditDatabase } from './testing/audit-database.ts';

let database: TestAuditDatabase;
let owner: postgres.Sql;

beforeAll(async () => {
  database = await createAuditDatabase();
  owner = postgres(database.ownerUrl, { max: 2, types: { bigint: postgres.BigInt } });
});

afterAll(async () => {
  await owner.end();
  await database[Symbol.asyncDispose]();
});

const leafOf = (text: string) => Buffer.from(text);

function openLog(options: Partial<PostgresLogOptions> = {}): Promise<AuditLog> {
  const origin = `test/${randomBytes(6).toString('hex')}`;
  return openPostgresLog({ url: database.writerUrl, origin, allowUnsafeServer: true, ...options });
}

async function kept(origin: string): Promise<Map<bigint, string>> {
  const rows = await owner<{ index: bigint; leaf: Buffer }[]>`
    select index, leaf from leaf where origin = ${origin} order by index`;
  expect(rows.map(({ index }) => index)).toEqual(rows.map((_row, place) => BigInt(place)));
  return new Map(rows.map(({ index, leaf }) => [index, leaf.toString()]));
}

async function endSessionOf(origin: string): Promise<void> {
  const [row] = await owner<{ ended: number }[]>`
    select count(pg_terminate_backend(pid, 1000))::int as ended from pg_locks
    where locktype = 'advisory' and (classid::bigint << 32 | objid::bigint) = hashtextextended(${origin}, 0)`;
  expect(row?.ended).toBe(1);
}

/** Appends until it works again, as a gateway under traffic does. */
async function appendAgain(log: AuditLog, leaf: Uint8Array): Promise<LeafReceipt> {
  for (;;) {
    try {
      return await log.append(leaf);
    } catch (error) {
      if (!(error instanceof AppendError)) throw error;
      await new Promise(setImmediate);
    }
  }
}

describe('openPostgresLog', () => {
  test('a receipt names the row that holds the leaf and its hash', async () => {
    const log = await openLog();
    const receipt = await log.append(leafOf('first'));
    expect(receipt).toEqual({ origin: log.origin, index: 0n });
    const [row] = await owner`select leaf, leaf_hash from leaf where origin = ${log.origin}`;
    expect(row).toEqual({ leaf: leafOf('first'), leaf_hash: leafHash(leafOf('first')) });
    await log.close();
  });

  test.each([
    ['an empty leaf', Buffer.alloc(0)],
    ['every byte there is', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
    ['the longest leaf', Buffer.alloc(65_535, '"\\')],
  ])('keeps %s as it is', async (_case, leaf) => {
    const log = await openLog();
    await log.append(leaf);
    const [row] = await owner`select leaf from leaf where origin = ${log.origin}`;
    expect(Buffer.compare(row?.['leaf'], leaf)).toBe(0);
    await log.close();
  });

  test('64 callers at once get contiguous indexes, each for its own leaf, in far fewer commits', async () => {
    const log = await openLog();
    const acknowledged = new Map<bigint, string>();
    await Promise.all(
      Array.from({ length: 64 }, async (_, caller) => {
        for (let turn = 0; turn < 20; turn++) {
          const text = `${caller}/${turn}`;
          const { index } = await log.append(leafOf(text));
          acknowledged.set(index, text);
        }
      }),
    );
    const rows = await kept(log.origin);
    expect(rows.size).toBe(64 * 20);
    for (const [index, text] of acknowledged) expect(rows.get(index)).toBe(text);
    const [commits] =
      await owner`select count(distinct xmin::text)::int as n from leaf where origin = ${log.origin}`;
    expect(commits?.['n']).toBeLessThan(200);
    await log.close();
  });

  test('a caller that uses its buffer again does not change what was appended', async () => {
    const log = await openLog();
    const buffer = Buffer.from('before');
    const first = log.append(leafOf('in flight'));
    const second = log.append(buffer);
    buffer.write('after!');
    await Promise.all([first, second]);
    expect((await kept(log.origin)).get(1n)).toBe('before');
    await log.close();
  });

  test('goes on where the origin stands, for whoever has its key', async () => {
    const key = randomBytes(32);
    const first = await openLog({ key });
    await first.append(leafOf('0'));
    await first.close();
    const second = await openLog({ origin: first.origin, key });
    expect((await second.append(leafOf('1'))).index).toBe(1n);
    await second.close();
  });

  test('one origin has one writer', async () => {
    const log = await openLog();
    await expect(openLog({ origin: log.origin })).rejects.toThrow(AuditStoreError);
    await log.close();
  });

  test('close finishes what was appended, and takes nothing after that', async () => {
    const log = await openLog();
    const pending = Array.from({ length: 300 }, (_, n) => log.append(leafOf(String(n))));
    const closed = log.close();
    await expect(log.append(leafOf('late'))).rejects.toMatchObject({ code: 'CLOSED' });
    await closed;
    expect(await Promise.all(pending)).toHaveLength(300);
    expect((await kept(log.origin)).size).toBe(300);
    expect(log.healthy).toBe(false);
  });
});

describe('what is refused', () => {
  test('a leaf that no tile could hold', async () => {
    const log = await openLog();
    await expect(log.append(Buffer.alloc(65_536))).rejects.toThrow(RangeError);
    expect(log.healthy).toBe(true);
    await log.close();
  });

  test('more than may wait, at once; those that wait are kept', async () => {
    const log = await openLog({ maxQueue: 2 });
    const accepted = ['in flight', 'waits', 'waits too'].map((text) => log.append(leafOf(text)));
    await expect(log.append(leafOf('too many'))).rejects.toMatchObject({
      name: 'AppendError',
      code: 'QUEUE_FULL',
    });
    expect((await Promise.all(accepted)).map(({ index }) => index)).toEqual([0n, 1n, 2n]);
    await log.close();
  });

  test('a server that does not flush, unless a test says so', async () => {
    await expect(openLog({ allowUnsafeServer: false })).rejects.toThrow('fsync = off');
  });

  test('a session without synchronous commit cannot be had: the role’s own setting is overruled', async () => {
    const role = new URL(database.writerUrl).username;
    await owner`alter role ${owner(role)} set synchronous_commit = 'off'`;
    await expect(openLog({ allowUnsafeServer: false })).rejects.not.toThrow('synchronous_commit');
    await owner`alter role ${owner(role)} reset synchronous_commit`;
  });
});

describe('a connection that breaks', () => {
  test('while idle is replaced, and the log goes on without a gap', async () => {
    const log = await openLog();
    await log.append(leafOf('0'));
    await endSessionOf(log.origin);
    expect((await appendAgain(log, leafOf('1'))).index).toBe(1n);
    expect(log.healthy).toBe(true);
    await kept(log.origin);
    await log.close();
  });

  test('under load rejects, loses nothing that was acknowledged and never gives an index twice', async () => {
    const log = await openLog();
    const acknowledged = new Map<bigint, string>();
    let rejected = 0;
    let ended = false;
    const callers = Array.from({ length: 64 }, async (_, caller) => {
      for (let turn = 0; !ended || turn < 50; turn++) {
        const text = `${caller}/${turn}`;
        try {
          const { index } = await log.append(leafOf(text));
          expect(acknowledged.has(index)).toBe(false);
          acknowledged.set(index, text);
        } catch (error) {
          expect(error).toBeInstanceOf(AppendError);
          rejected++;
          await new Promise((later) => setTimeout(later, 2));
        }
      }
    });
    for (let round = 0; round < 4; round++) {
      await appendAgain(log, leafOf(`before end ${round}`));
      await endSessionOf(log.origin);
    }
    ended = true;
    await Promise.all(callers);
    expect(rejected).toBeGreaterThan(0);
    const rows = await kept(log.origin);
    for (const [index, text] of acknowledged) expect(rows.get(index)).toBe(text);
    await log.close();
  });

  test('a commit that is held up is given up at the deadline, ended, and not followed by a second leaf of its index', async () => {
    const log = await openLog({ deadline: 300 });
    await log.append(leafOf('0'));
    const locked = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const blocker = owner.begin(async (sql) => {
      await sql`lock table leaf in share row exclusive mode`;
      locked.resolve();
      await release.promise;
    });
    await locked.promise;
    const refusal = await log.append(leafOf('held up')).catch((error: unknown) => error);
    release.resolve();
    await blocker;
    expect(refusal).toBeInstanceOf(AppendError);
    expect((await appendAgain(log, leafOf('1'))).index).toBeGreaterThan(0n);
    await kept(log.origin);
    await log.close();
  });
});
