import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPostgresLog } from './postgres-log.ts';
import { prepareAuditDatabase } from './schema.ts';
import { createAuditDatabase, type TestAuditDatabase } from './testing/audit-database.ts';

/** SQLSTATE of a missing privilege. */
const INSUFFICIENT_PRIVILEGE = '42501';

let database: TestAuditDatabase;
let owner: postgres.Sql;
let writer: postgres.Sql;
let reader: postgres.Sql;

beforeAll(async () => {
  database = await createAuditDatabase();
  const open = (url: string) => postgres(url, { max: 1, onnotice: () => undefined });
  owner = open(database.ownerUrl);
  writer = open(database.writerUrl);
  reader = open(database.readerUrl);
  const log = await openPostgresLog({ url: database.writerUrl, origin: 'kept', allowUnsafeServer: true });
  await log.append(Buffer.from('leaf'));
  await log.close();
});

afterAll(async () => {
  await Promise.all([owner.end(), writer.end(), reader.end()]);
  await database[Symbol.asyncDispose]();
});

const partition = () => `leaf_${new Date().toISOString().slice(0, 10).replaceAll('-', '')}`;

describe('roles of the audit database', () => {
  test.each([
    ['read a leaf', () => 'select leaf from leaf'],
    ['read by returning', () => `insert into leaf values ('x', 0, now(), '', '') returning leaf`],
    ['count leaves', () => 'select count(*) from leaf'],
    ['read a partition', () => `select * from ${partition()}`],
    ['change a leaf', () => `update leaf set at = now()`],
    ['delete a leaf', () => 'delete from leaf'],
    ['empty the log', () => 'truncate leaf'],
    ['empty a partition', () => `truncate ${partition()}`],
    ['drop a partition', () => `drop table ${partition()}`],
    ['detach a partition', () => `alter table leaf detach partition ${partition()}`],
    ['read who writes', () => 'select * from writer_session'],
    ['copy the log out', () => 'copy leaf to stdout'],
    ['make a table', () => 'create table mine (n int)'],
    ['become the owner', () => 'set role postgres'],
    ['switch triggers off', () => `set session_replication_role = 'replica'`],
  ])('the writer may not %s', async (_case, statement) => {
    await expect(writer.unsafe(statement())).rejects.toMatchObject({
      code: expect.stringMatching(new RegExp(`${INSUFFICIENT_PRIVILEGE}|22023`)),
    });
  });

  test.each([
    ['add a leaf', `insert into leaf values ('x', 0, now(), '', '')`],
    ['change a leaf', 'update leaf set at = now()'],
    ['delete a leaf', 'delete from leaf'],
    ['empty the log', 'truncate leaf'],
    ['make partitions', 'select make_leaf_partitions(current_date, 1)'],
  ])('the reader may not %s', async (_case, statement) => {
    await expect(reader.unsafe(statement)).rejects.toMatchObject({ code: INSUFFICIENT_PRIVILEGE });
  });

  test('the reader may read', async () => {
    expect(await reader`select origin, index from leaf`).toEqual([{ origin: 'kept', index: '0' }]);
  });

  test.each(['update leaf set at = now()', 'delete from leaf', 'truncate leaf'])(
    'not even the owner may %s',
    async (statement) => {
      await expect(owner.unsafe(statement)).rejects.toThrow('append-only');
    },
  );

  test('a leaf whose hash is another leaf’s is refused', async () => {
    const forged = `insert into leaf values ('x', 0, now(), 'one', sha256('\\x00'::bytea || 'two'))`;
    await expect(writer.unsafe(forged)).rejects.toMatchObject({ code: '23514' });
  });
});

describe('prepareAuditDatabase', () => {
  test('a second time changes nothing but the passwords', async () => {
    await using other = await createAuditDatabase();
    const { username, password } = new URL(other.writerUrl);
    const roles = {
      writer: { user: username, password: decodeURIComponent(password) },
      reader: { user: new URL(other.readerUrl).username, password: 'changed' },
    };
    await prepareAuditDatabase(other.ownerUrl, roles);
    const changed = new URL(other.readerUrl);
    changed.password = 'changed';
    const sql = postgres(changed.href, { max: 1 });
    expect(await sql`select count(*)::int as leaves from leaf`).toEqual([{ leaves: 0 }]);
    await sql.end();
  });
});

describe('partitions', () => {
  test('a leaf goes to the partition of its day', async () => {
    const [row] = await owner`select tableoid::regclass::text as name from leaf where origin = 'kept'`;
    expect(row?.['name']).toBe(partition());
  });

  test('a day that nobody prepared loses no event', async () => {
    const log = await openPostgresLog({
      url: database.writerUrl,
      origin: 'astray',
      allowUnsafeServer: true,
      clock: () => new Date('2031-05-01T00:00:00Z'),
    });
    await log.append(Buffer.from('leaf'));
    await log.close();
    const [row] = await owner`select tableoid::regclass::text as name from leaf where origin = 'astray'`;
    expect(row?.['name']).toBe('leaf_default');
  });

  test('a day whose leaves lie in the default partition stays there, and the days around it get theirs', async () => {
    const day = new Date(Date.now() + 86_400_000);
    const name = `leaf_${day.toISOString().slice(0, 10).replaceAll('-', '')}`;
    await owner.unsafe(`drop table ${name}`);
    await owner`insert into leaf values ('early', 0, ${day}, 'x', sha256('\\x00'::bytea || 'x'))`;
    await owner.unsafe(`drop table ${partition()} cascade`);
    await writer`select make_leaf_partitions((now() at time zone 'UTC')::date, 3)`;
    const names = await owner<{ name: string }[]>`
      select inhrelid::regclass::text as name from pg_inherits where inhparent = 'leaf'::regclass`;
    expect(names.map((row) => row.name)).toContain(partition());
    expect(names.map((row) => row.name)).not.toContain(name);
  });
});
