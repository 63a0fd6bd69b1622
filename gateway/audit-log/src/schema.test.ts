import { createHash } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leafHash } from './merkle.ts';
import { openPostgresLog } from './postgres-log.ts';
import { prepareAuditDatabase } from './schema.ts';
import { createAuditDatabase, type TestAuditDatabase } from './testing/audit-database.ts';
import { openDatedLog } from './testing/dated-log.ts';

/** SQLSTATE of a missing privilege. */
const INSUFFICIENT_PRIVILEGE = '42501';

let database: TestAuditDatabase;
let owner: postgres.Sql;
let writer: postgres.Sql;
let reader: postgres.Sql;
let signer: postgres.Sql;
let retention: postgres.Sql;

beforeAll(async () => {
  database = await createAuditDatabase();
  const open = (url: string) => postgres(url, { max: 1, onnotice: () => undefined });
  owner = open(database.ownerUrl);
  writer = open(database.writerUrl);
  reader = open(database.readerUrl);
  signer = open(database.signerUrl);
  retention = open(database.retentionUrl);
  const log = await openPostgresLog({ url: database.writerUrl, origin: 'kept', allowUnsafeServer: true });
  await log.append(Buffer.from('leaf'));
  await log.close();
});

afterAll(async () => {
  await Promise.all([owner, writer, reader, signer, retention].map((sql) => sql.end()));
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
    ['insert a leaf that was never there', () => `insert into leaf values ('x', 0, now(), null, '', now())`],
    ['sign', () => `insert into checkpoint values ('x', 0, sha256(''), '')`],
    ['read checkpoints', () => 'select * from checkpoint'],
    ['pretend that the signer is alive', () => 'update signer_beat set beat = beat + 1'],
    ['prune', () => `select prune_leaves('kept', '{0}')`],
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
    ['sign', `insert into checkpoint values ('x', 0, sha256(''), '')`],
    ['prune', `select prune_leaves('kept', '{0}')`],
  ])('the reader may not %s', async (_case, statement) => {
    await expect(reader.unsafe(statement)).rejects.toMatchObject({ code: INSUFFICIENT_PRIVILEGE });
  });

  test.each([
    ['read what a leaf says', 'select leaf from leaf'],
    ['read everything of a leaf', 'select * from leaf'],
    ['add a leaf', `insert into leaf (origin, index, at, leaf, leaf_hash) values ('x', 0, now(), '', '')`],
    ['change a checkpoint', `update checkpoint set signed_note = ''`],
    ['delete a checkpoint', 'delete from checkpoint'],
    ['delete a tile', 'delete from tile'],
    ['prune', `select prune_leaves('kept', '{0}')`],
  ])('the signer may not %s', async (_case, statement) => {
    await expect(signer.unsafe(statement)).rejects.toMatchObject({ code: INSUFFICIENT_PRIVILEGE });
  });

  test.each([
    ['add a leaf', `insert into leaf (origin, index, at, leaf, leaf_hash) values ('x', 0, now(), '', '')`],
    ['change a leaf', 'update leaf set leaf = null, pruned_at = now()'],
    ['delete a leaf', 'delete from leaf'],
    ['sign', `insert into checkpoint values ('x', 0, sha256(''), '')`],
  ])('the retention role may not %s', async (_case, statement) => {
    await expect(retention.unsafe(statement)).rejects.toMatchObject({ code: INSUFFICIENT_PRIVILEGE });
  });

  test('the reader may read', async () => {
    expect(await reader`select origin, index from leaf`).toEqual([{ origin: 'kept', index: '0' }]);
    expect(await reader`select * from checkpoint, cosignature, tile, aggregate_leaf, signer_beat`).toEqual(
      [],
    );
  });

  test('the signer may read hashes, which are what it signs', async () => {
    const rows = await signer`select origin, index, leaf_hash from leaf where origin = 'kept'`;
    expect(rows).toEqual([{ origin: 'kept', index: '0', leaf_hash: leafHash(Buffer.from('leaf')) }]);
  });

  test.each([
    'update leaf set at = now()',
    `update leaf set leaf = 'other', leaf_hash = sha256('\\x00'::bytea || 'other')`,
    'update leaf set leaf = null, pruned_at = now()',
    `update leaf_default set leaf = null`,
    'delete from leaf',
    'truncate leaf',
    'delete from checkpoint',
    `update checkpoint set signed_note = ''`,
    'truncate cosignature',
    'truncate tile',
    'truncate aggregate_leaf',
    'delete from signer_beat',
  ])('not even the owner may %s', async (statement) => {
    await expect(owner.unsafe(statement)).rejects.toThrow('append-only');
  });

  test('not even while it prunes may the owner change more than what a leaf says', async () => {
    await expect(
      owner.begin(async (sql) => {
        await sql`set local contactpoint.pruning = 'on'`;
        await sql`update leaf set leaf = null, pruned_at = now(), leaf_hash = sha256('')`;
      }),
    ).rejects.toThrow('append-only');
  });

  test('a leaf whose hash is another leaf’s is refused, even to the owner', async () => {
    const forged = `insert into leaf values ('x', 0, now(), 'one', sha256('\\x00'::bytea || 'two'))`;
    await expect(owner.unsafe(forged)).rejects.toMatchObject({ code: '23514' });
  });
});

const checkpoint = (origin: string, size: number) =>
  signer`insert into checkpoint (origin, size, root_hash, signed_note) values (${origin}, ${size}, sha256(''), 'note')`;

async function keep(origin: string, leaves: number): Promise<void> {
  const log = await openPostgresLog({ url: database.writerUrl, origin, allowUnsafeServer: true });
  for (let index = 0; index < leaves; index++) await log.append(Buffer.from(String(index)));
  await log.close();
}

async function keepOf(origin: string, leaves: number, day: string): Promise<void> {
  const log = await openDatedLog(database.ownerUrl, origin, () => new Date(day));
  for (let index = 0; index < leaves; index++) await log.append(Buffer.from(String(index)));
  await log.close();
}

describe('prune_leaves', () => {
  test('forgets what the leaves said, and nothing else: neither a boot, nor what no checkpoint covers', async () => {
    await keepOf('pruned', 5, '2019-01-01');
    await checkpoint('pruned', 4);
    const prune = async () => {
      const [row] = await retention`select prune_leaves('pruned', '{0,1,3,4,9}')::int as pruned`;
      return row?.['pruned'];
    };
    expect([await prune(), await prune()]).toEqual([2, 0]);
    const rows = await reader<{ leaf: Buffer | null; leaf_hash: Buffer; isPruned: boolean }[]>`
      select leaf, leaf_hash, pruned_at is not null as "isPruned" from leaf where origin = 'pruned' order by index`;
    expect(rows.map(({ leaf }) => leaf?.toString())).toEqual(['0', undefined, '2', undefined, '4']);
    expect(rows.map(({ isPruned }) => isPruned)).toEqual([false, true, false, true, false]);
    expect(rows.map((row) => row.leaf_hash)).toEqual(rows.map((_row, n) => leafHash(Buffer.from(String(n)))));
  });

  test('forgets nothing that was kept less than a year ago, whoever asks', async () => {
    const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
    await keepOf('fresh', 4, daysAgo(364));
    await keepOf('stale', 4, daysAgo(367));
    for (const [origin, pruned] of [
      ['fresh', 0],
      ['stale', 2],
    ] as const) {
      await checkpoint(origin, 4);
      for (const sql of pruned === 0 ? [retention, owner] : [retention])
        expect(await sql`select prune_leaves(${origin}, '{1,2}')::int as pruned`).toEqual([{ pruned }]);
    }
  });

  test('prunes nothing of a log without checkpoints', async () => {
    await keepOf('unsigned', 3, '2019-01-01');
    expect(await retention`select prune_leaves('unsigned', '{1,2}')::int as pruned`).toEqual([{ pruned: 0 }]);
  });
});

describe('next_leaf_index', () => {
  test('looks at the days since the boot alone', async () => {
    await owner.unsafe(
      `create table leaf_old partition of leaf for values from ('2001-01-01') to ('2001-01-02')`,
    );
    await owner.begin(async (sql) => {
      await sql`select next_leaf_index('a/b/20261122T101500Z-4f2a')`;
      const locked = await sql`select 1 from pg_locks where relation = 'leaf_old'::regclass`;
      expect(locked).toHaveLength(0);
    });
  });
});

describe('previous_boot', () => {
  const previous = async (origin: string) =>
    await writer`select origin, leaves::int, size::int, root_hash from previous_boot(${origin})`;
  const boot = (name: string, day: number) =>
    `here/${name}/202601${String(day).padStart(2, '0')}T000000Z-4f2a`;

  test('is the last log of the same instance that holds a leaf, with its last checkpoint', async () => {
    const [first, afterClockWentBack, next] = [9, 1, 5].map((day) => boot('gateway-1', day)) as [
      string,
      string,
      string,
    ];
    expect(await previous(afterClockWentBack)).toEqual([]);
    await keep(first, 1);
    await keep(afterClockWentBack, 3);
    await keep(boot('gateway-1', 2), 0);
    await keep(boot('gateway-10', 3), 1);
    await keep(boot('gateway-1', 4).replace('here', 'there'), 1);
    const found = { origin: afterClockWentBack, leaves: 3, size: null, root_hash: null };
    expect(await previous(next)).toEqual([found]);
    await checkpoint(afterClockWentBack, 2);
    await checkpoint(afterClockWentBack, 3);
    const [row] = await previous(next);
    expect(row).toMatchObject({ size: 3, root_hash: expect.any(Buffer) });
    expect(await previous(afterClockWentBack)).toMatchObject([{ origin: first }]);
    await owner`insert into writer_session (origin, next_index) values (${first}, 1)`;
    expect(await previous(next)).toMatchObject([{ origin: afterClockWentBack }]);
  });
});

describe('listed_grants', () => {
  const nonce = '00'.repeat(16);
  const evt = createHash('sha256').update('grant').update(Buffer.alloc(16)).digest('hex');
  const event = { nonce, part: 1, parts: 2, jtis: ['a', 'b'] };
  const listed = async (leaf: string | Buffer) =>
    await reader`select * from listed_grants(${typeof leaf === 'string' ? Buffer.from(leaf) : leaf})`;

  test('are those of an event, under its name in journals', async () => {
    expect(await listed(JSON.stringify(event))).toEqual(
      event.jtis.map((jti) => ({ jti, evt, part: 1, parts: 2 })),
    );
    expect(await listed(JSON.stringify({ ...event, jtis: [] }))).toEqual([]);
  });

  test.each([
    ['bytes that are no text', Buffer.from([0xff, 0x00])],
    ['no JSON', 'garbage'],
    ['nothing', ''],
    ['no object', '7'],
    ['an object of another kind', '{}'],
    ['a nonce that is none', JSON.stringify({ ...event, nonce: 'xyz' })],
    ['a part beyond numbers', JSON.stringify({ ...event, part: 1e30 })],
    ['grants that are no list', JSON.stringify({ ...event, jtis: 'a' })],
    ['a text that the database cannot hold', JSON.stringify({ ...event, jtis: ['\u0000'] })],
    ['more depth than there is a stack for', '['.repeat(65_535)],
  ])('of %s are one row that says nothing', async (_case, leaf) => {
    expect(await listed(leaf)).toEqual([{ jti: null, evt: null, part: null, parts: null }]);
  });
});

describe('checkpoint_state', () => {
  test('tells a writer how far its log is covered and whether the signer is alive, and no more', async () => {
    const state = async () =>
      await writer`select covered::int, beat::int, beat_age < '1 minute' as young from checkpoint_state('watched')`;
    expect(await state()).toEqual([{ covered: 0, beat: 0, young: true }]);
    await checkpoint('watched', 7);
    await signer`update signer_beat set beat = beat + 1, at = clock_timestamp() - interval '1 hour'`;
    expect(await state()).toEqual([{ covered: 7, beat: 1, young: false }]);
  });
});

describe('prepareAuditDatabase', () => {
  test('a second time changes nothing but the passwords', async () => {
    await using other = await createAuditDatabase();
    const { username, password } = new URL(other.writerUrl);
    const roles = {
      writer: { user: username, password: decodeURIComponent(password) },
      reader: { user: new URL(other.readerUrl).username, password: 'changed' },
      signer: { user: new URL(other.signerUrl).username, password: 'changed' },
      retention: { user: new URL(other.retentionUrl).username, password: 'changed' },
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
    const log = await openDatedLog(database.ownerUrl, 'astray', () => new Date('2031-05-01T00:00:00Z'));
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
