import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AuditLog } from './audit-log.ts';
import { leafHash } from './merkle.ts';
import { openPostgresLog } from './postgres-log.ts';
import { createAuditDatabase, type TestAuditDatabase } from './testing/audit-database.ts';

/** SQLSTATE of a missing privilege, of another next index, and of an argument that is none. */
const NOT_ALLOWED = '42501';
const NOT_NEXT = '40001';
const INVALID = '22023';

interface OpenedSession {
  readonly session: bigint | null;
  readonly next_index: bigint | null;
  readonly taken: string | null;
}

let database: TestAuditDatabase;
let owner: postgres.Sql<{ bigint: bigint }>;
/** Whoever has the writer's password, and nothing else. */
let thief: postgres.Sql<{ bigint: bigint }>;
let gateway: AuditLog;
let instance = 0;

const connect = (url: string) =>
  postgres(url, { max: 1, onnotice: () => undefined, types: { bigint: postgres.BigInt } });
const soon = (days = 0) =>
  new Date(Date.now() + days * 86_400_000).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
const bootOf = (name: string, days = 0) => `here/${name}/${soon(days)}-${randomBytes(4).toString('hex')}`;
const open = (origin: string, key?: Uint8Array) =>
  openPostgresLog({ url: database.writerUrl, origin, allowUnsafeServer: true, ...(key && { key }) });

beforeAll(async () => {
  database = await createAuditDatabase();
  owner = connect(database.ownerUrl);
});

beforeEach(async () => {
  thief = connect(database.writerUrl);
  gateway = await open(bootOf(`gateway-${++instance}`));
  await gateway.append(Buffer.from('0'));
});

afterEach(async () => {
  await Promise.all([gateway.close(), thief.end()]);
});

afterAll(async () => {
  await owner.end();
  await database[Symbol.asyncDispose]();
});

async function openAsThief(origin: string, key = randomBytes(32)): Promise<OpenedSession> {
  const [opened] = await thief<OpenedSession[]>`select * from open_writer_session(${origin}, ${key})`;
  if (opened === undefined) throw new Error('a function that returns a row');
  return opened;
}

interface Append {
  readonly session: bigint | null;
  readonly key: Uint8Array;
  readonly first: number;
  readonly leaves: readonly string[];
  readonly lengths?: readonly (number | null)[];
}

async function append({ session, key, first, leaves, lengths }: Append): Promise<void> {
  const said = lengths ?? leaves.map((leaf) => Buffer.byteLength(leaf));
  await thief`
    select append_leaves(${session}, ${key}, ${first}, ${Buffer.from(leaves.join(''))},
      ${`{${said.map((length) => length ?? 'NULL').join()}}`}::text::int[])`;
}

async function kept(origin: string): Promise<string[]> {
  const rows = await owner<{ index: bigint; leaf: Buffer; leaf_hash: Buffer }[]>`
    select index, leaf, leaf_hash from leaf where origin = ${origin} order by index`;
  for (const { leaf, leaf_hash } of rows) expect(Buffer.compare(leaf_hash, leafHash(leaf))).toBe(0);
  return rows.map(({ index, leaf }) => `${index} ${leaf}`);
}

describe('whoever has the writer’s password', () => {
  test.each([
    ['open a session plainly', `insert into writer_session (origin, next_index) values ('here/x/y', 0)`],
    [
      'add a leaf plainly',
      `insert into leaf (origin, index, at, leaf, leaf_hash) values ('x', 0, now(), '', '')`,
    ],
    ['add one to a partition', `insert into leaf_default values ('x', 7, now(), '', '')`],
    ['copy leaves in', 'copy leaf (origin, index, at, leaf, leaf_hash) from stdin'],
    ['read where sessions go on', 'select * from append_position'],
    ['move a session', 'update append_position set next_index = 7'],
    ['make up a session', 'insert into append_position values (1, 7, now())'],
    ['read a key’s hash', 'select key_hash from writer_session'],
    ['look up another log’s end', `select next_leaf_index('x')`],
    ['become the owner', 'set role postgres'],
    ['become the reader', `set role "READER"`],
    ['be somebody else', `set session authorization postgres`],
    ['switch triggers off', `set session_replication_role = 'replica'`],
    [
      'put another function in the place of one',
      'create function sha256(bytea) returns bytea language sql as $$ select $1 $$',
    ],
    [
      'change a function',
      `alter function append_leaves(bigint, bytea, bigint, bytea, int[]) security invoker`,
    ],
  ])('may not %s', async (_case, statement) => {
    const reader = new URL(database.readerUrl).username;
    await expect(thief.unsafe(statement.replace('READER', reader))).rejects.toMatchObject({
      code: NOT_ALLOWED,
    });
  });

  test('does not open a running log, nor another one of its instance', async () => {
    expect(await openAsThief(gateway.origin)).toEqual({
      session: null,
      next_index: null,
      taken: gateway.origin,
    });
    const taken = `here/gateway-${instance}`;
    expect(await openAsThief(bootOf(`gateway-${instance}`))).toEqual({
      session: null,
      next_index: null,
      taken,
    });
    expect((await gateway.append(Buffer.from('1'))).index).toBe(1n);
    expect(await kept(gateway.origin)).toEqual(['0 0', '1 1']);
  });

  test('does not open a log whose process has ended, though nobody holds it: its key went with the process', async () => {
    await gateway.close();
    await expect(openAsThief(gateway.origin)).rejects.toMatchObject({ code: NOT_ALLOWED });
    const [sessions] =
      await owner`select count(*)::int as n from writer_session where origin = ${gateway.origin}`;
    expect(sessions).toEqual({ n: 1 });
  });

  test('does not open a log from before there were keys', async () => {
    const origin = bootOf('former');
    await owner`insert into writer_session (origin, next_index) values (${origin}, 0)`;
    await expect(openAsThief(origin)).rejects.toMatchObject({ code: NOT_ALLOWED });
  });

  test('does not append to a log by holding its lock, with the session’s number or on a connection in its place', async () => {
    const [session] = await owner<{ number: bigint }[]>`
      select max(number) as number from writer_session where origin = ${gateway.origin}`;
    await gateway.close();
    await thief`select pg_advisory_lock(hashtextextended(${gateway.origin}, 0))`;
    const number = session?.number ?? null;
    const forged = { session: number, key: randomBytes(32), first: 1, leaves: ['forged'] };
    await expect(append(forged)).rejects.toMatchObject({ code: NOT_ALLOWED });
    const [backend] = await thief<{ pid: number }[]>`select pg_backend_pid() as pid`;
    await owner`alter table writer_session disable trigger append_only`;
    await owner`update writer_session set backend = ${backend?.pid ?? 0} where number = ${number}`;
    await owner`alter table writer_session enable trigger append_only`;
    await expect(append(forged)).rejects.toMatchObject({ code: NOT_ALLOWED });
    expect(await kept(gateway.origin)).toEqual(['0 0']);
  });

  test('holding a lock keeps its gateway out for as long as the connection lasts, and no longer', async () => {
    const origin = bootOf('squatted');
    await thief`select pg_advisory_lock(hashtextextended('here/squatted', 0))`;
    await expect(open(origin)).rejects.toThrow('Another process writes the audit logs of here/squatted');
    await thief.end();
    await expect
      .poll(async () => {
        const log = await open(origin).catch(() => undefined);
        await log?.close();
        return log !== undefined;
      })
      .toBe(true);
  });

  test('leaves nothing that a gateway’s next boot would wait for: neither a name that is no boot’s nor a session', async () => {
    const name = `gateway-${instance}`;
    const former = gateway.origin;
    for (const planted of [`here/${name}/planted`, `here/${name}/99991231T235959Z`]) {
      const key = randomBytes(32);
      const { session } = await openAsThief(planted, key);
      await append({ session, key, first: 0, leaves: ['garbage'] });
    }
    const previous = await thief`select origin, leaves::int from previous_boot(${bootOf(name)})`;
    expect(previous).toEqual([{ origin: former, leaves: 1 }]);
  });

  test('dates nothing ahead: a log whose name says so is not opened', async () => {
    await expect(openAsThief(bootOf('ahead', 1))).rejects.toMatchObject({ code: INVALID });
  });
});

describe('a session that was opened as it should be', () => {
  let mine: { readonly session: bigint | null; readonly key: Buffer; readonly origin: string };

  beforeEach(async () => {
    const [key, origin] = [randomBytes(32), bootOf(`thief-${instance}`)];
    mine = { ...(await openAsThief(origin, key)), key, origin };
    await append({ ...mine, first: 0, leaves: ['zero', 'one'] });
  });

  test.each([
    ['a jump', 7],
    ['a gap of one', 3],
    ['an index that is taken', 1],
    ['the first one again', 0],
    ['an index below all', -1],
  ])('appends under the next index only: %s is refused', async (_case, first) => {
    await expect(append({ ...mine, first, leaves: ['x'] })).rejects.toMatchObject({ code: NOT_NEXT });
    await append({ ...mine, first: 2, leaves: ['two'] });
    expect(await kept(mine.origin)).toEqual(['0 zero', '1 one', '2 two']);
  });

  test('does not get the same index twice by rolling back, in one statement or by two connections', async () => {
    await thief.begin(async (sql) => {
      await sql`savepoint here`;
      await sql`select append_leaves(${mine.session}, ${mine.key}, 2, 'x', '{1}')`;
      await sql`rollback to here`;
    });
    const twice = thief`
      select append_leaves(${mine.session}, ${mine.key}, 2, 'x', '{1}'), append_leaves(${mine.session}, ${mine.key}, 2, 'y', '{1}')`;
    await expect(twice).rejects.toMatchObject({ code: NOT_NEXT });
    const other = connect(database.writerUrl);
    await expect(
      other`select append_leaves(${mine.session}, ${mine.key}, 2, 'x', '{1}')`,
    ).rejects.toMatchObject({ code: NOT_ALLOWED });
    await other.end();
    expect(await kept(mine.origin)).toEqual(['0 zero', '1 one']);
  });

  test('writes no other log, and none without its key', async () => {
    const [other] = await owner<{ number: bigint }[]>`
      select max(number) as number from writer_session where origin = ${gateway.origin}`;
    const leaves = ['x'];
    for (const wrong of [{ session: other?.number ?? null }, { session: null }, { key: randomBytes(32) }])
      await expect(append({ ...mine, first: 2, leaves, ...wrong })).rejects.toMatchObject({
        code: NOT_ALLOWED,
      });
    expect(await kept(gateway.origin)).toEqual(['0 0']);
  });

  test('writes nothing once another connection has its lock', async () => {
    await thief`select pg_advisory_unlock(hashtextextended(${mine.origin}, 0))`;
    await owner`select pg_advisory_lock(hashtextextended(${mine.origin}, 0))`;
    await expect(append({ ...mine, first: 2, leaves: ['x'] })).rejects.toMatchObject({ code: NOT_ALLOWED });
    await owner`select pg_advisory_unlock_all()`;
  });

  test.each([
    ['that say too little', [1]],
    ['that say too much', [400]],
    ['below nothing', [5, -1]],
    ['that say nothing', [null]],
    ['of no leaf', []],
  ])('takes no lengths %s', async (_case, lengths) => {
    await expect(append({ ...mine, first: 2, leaves: ['four'], lengths })).rejects.toThrow();
    expect(await kept(mine.origin)).toHaveLength(2);
  });

  test('cannot date a leaf: neither its clock, nor its time zone, nor functions of its own are asked', async () => {
    const before = new Date();
    await thief`set timezone = 'Pacific/Kiritimati'`;
    await thief.unsafe(`
      create temp table leaf (origin text, index bigint, at timestamptz, leaf bytea, leaf_hash bytea);
      create temp table append_position (session bigint, next_index bigint, at timestamptz);
      create temp table writer_session (number bigint, origin text, key_hash bytea, backend int);
      create function pg_temp.clock_timestamp() returns timestamptz language sql as $$ select '2001-01-01'::timestamptz $$;
      create function pg_temp.sha256(bytea) returns bytea language sql as $$ select '\\x00'::bytea $$;
      create function pg_temp.instance_of(text) returns text language sql as $$ select 'mine' $$;
      insert into pg_temp.writer_session select ${mine.session}, '${gateway.origin}', '\\x00', pg_backend_pid();
      insert into pg_temp.append_position values (${mine.session}, 9, '2001-01-01');
      set search_path = pg_temp, public, pg_catalog`);
    await thief`select public.append_leaves(${mine.session}, ${mine.key}, 2, 'two', '{3}')`;
    expect(await kept(mine.origin)).toEqual(['0 zero', '1 one', '2 two']);
    expect(await kept(gateway.origin)).toEqual(['0 0']);
    const [row] = await owner<
      { at: Date }[]
    >`select at from leaf where origin = ${mine.origin} and index = 2`;
    expect(row?.at.getTime()).toBeGreaterThanOrEqual(before.getTime());
    expect(row?.at.getTime()).toBeLessThanOrEqual(Date.now());
  });

  test('goes on after the time of its last leaf, whatever the server’s clock says', async () => {
    const ahead = new Date(Date.now() + 3_600_000);
    await owner`update append_position set at = ${ahead} where session = ${mine.session}`;
    await append({ ...mine, first: 2, leaves: ['two'] });
    const [row] = await owner<
      { at: Date }[]
    >`select at from leaf where origin = ${mine.origin} and index = 2`;
    expect(row?.at).toEqual(ahead);
  });
});

describe('a log that is opened again', () => {
  test('goes on for whoever has its key, on another connection', async () => {
    const [origin, key] = [bootOf(`again-${instance}`), randomBytes(32)];
    for (const index of [0n, 1n, 2n]) {
      const log = await open(origin, key);
      expect((await log.append(Buffer.from('x'))).index).toBe(index);
      await log.close();
    }
    const [positions] = await owner`
      select count(*)::int as n from append_position join writer_session on number = session where origin = ${origin}`;
    expect(positions).toEqual({ n: 1 });
  });

  test('is over once a later boot of its instance has kept something', async () => {
    const key = randomBytes(32);
    const [origin, empty, later] = [bootOf('followed'), bootOf('followed'), bootOf('followed')];
    for (const name of [origin, empty]) await (await open(name, key)).close();
    await (await open(origin, key)).close();
    const next = await open(later);
    await next.append(Buffer.from('x'));
    await next.close();
    await expect(open(origin, key)).rejects.toMatchObject({ code: NOT_ALLOWED });
  });
});
