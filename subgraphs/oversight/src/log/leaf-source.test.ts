import { openPostgresLog } from '@contactpoint/audit-log/postgres-log';
import { createAuditDatabase, type TestAuditDatabase } from '@contactpoint/audit-log/testing/audit-database';
import { openDatedLog } from '@contactpoint/audit-log/testing/dated-log';
import { connect, type Store } from '@contactpoint/subgraph-kit/store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { proveInclusion } from './inclusion-proof.ts';
import { LEAVES_PER_ORIGIN, LeafSource, type LogPosition } from './leaf-source.ts';

const FIRST_BOOT = 'contactpoint.test/gateway-1/20190101T000000Z-4f2a';
const SECOND_BOOT = 'contactpoint.test/gateway-1/20190301T000000Z-4f2b';

let database: TestAuditDatabase;
let audit: Store;
let owner: Store;
/** Statements that were sent to the log's database. */
let sent: string[];

beforeEach(async () => {
  database = await createAuditDatabase();
  audit = connect(database.readerUrl, { max: 1 });
  owner = connect(database.ownerUrl, { max: 1 });
  sent = [];
});
afterEach(async () => {
  await audit?.end();
  await owner?.end();
  await database?.[Symbol.asyncDispose]();
});

/** A boot's log as it was kept before the database knew where logs go on. */
async function keepOld(origin: string, leaves: number, day: string): Promise<void> {
  const log = await openDatedLog(database.ownerUrl, origin, () => new Date(day));
  for (let n = 0; n < leaves; n++) await log.append(Buffer.from(`${origin} ${n}`));
  await log.close();
}

/** Reads to the end, as the projection does. */
async function readAll(source: LeafSource, positions: Map<string, LogPosition>): Promise<number> {
  for (let read = 0; ; ) {
    const leaves = await source.read(positions);
    if (leaves.length === 0) return read;
    read += leaves.length;
    for (const { origin, index, at } of leaves) positions.set(origin, { next: index + 1n, at: new Date(at) });
  }
}

/** The same connection, which notes what is asked of leaves. */
function watched(): Store {
  return new Proxy(audit, {
    get(target, name, self) {
      if (name !== 'unsafe') return Reflect.get(target, name, self);
      return (statement: string, words: string[]) => {
        sent.push(statement);
        return target.unsafe(statement, words);
      };
    },
  });
}

describe('LeafSource', () => {
  test('does not look at a log again that a later boot has closed, and reads it anew for a rebuild', async () => {
    await keepOld(FIRST_BOOT, LEAVES_PER_ORIGIN + 3, '2019-01-01T00:00:00Z');
    await keepOld(SECOND_BOOT, 2, '2019-03-01T00:00:00Z');
    const source = new LeafSource(watched());
    const positions = new Map<string, LogPosition>();
    expect(await readAll(source, positions)).toBe(LEAVES_PER_ORIGIN + 5);
    sent.length = 0;
    expect(await source.read(positions)).toEqual([]);
    expect(sent).toHaveLength(1);
    expect(await readAll(source, new Map())).toBe(LEAVES_PER_ORIGIN + 5);
  });

  test('asks nothing of a log that goes on where it was read to, and finds what comes', async () => {
    const log = await openPostgresLog({
      ...{ url: database.writerUrl, origin: 'contactpoint.test/gateway-2/00', allowUnsafeServer: true },
    });
    await log.append(Buffer.from('one'));
    const source = new LeafSource(watched());
    const positions = new Map<string, LogPosition>();
    expect(await readAll(source, positions)).toBe(1);
    sent.length = 0;
    expect(await source.read(positions)).toEqual([]);
    expect(sent).toEqual([]);
    await log.append(Buffer.from('two'));
    expect((await source.read(positions)).map(({ index }) => index)).toEqual([1n]);
    await log.close();
  });
});

describe('partitions', () => {
  /** Of one day each, among those of years. */
  const partition = (day: string, next: string) =>
    owner.unsafe(
      `create table leaf_${day.replaceAll('-', '')} partition of leaf for values from ('${day}') to ('${next}')`,
    );

  /** Partitions that a statement has opened by the time it is done. */
  async function opened(ask: (sql: Store) => Promise<unknown>, turns = 1): Promise<string[]> {
    return await audit.begin(async (sql) => {
      for (let turn = 0; turn < turns; turn++) await ask(sql as unknown as Store);
      const rows = await sql<{ name: string }[]>`
        select distinct relation::regclass::text as name from pg_locks
        where relation::regclass::text ~ '^leaf_\\d{8}$' and relation::regclass::text < 'leaf_2020' order by 1`;
      return rows.map(({ name }) => name);
    });
  }

  beforeEach(async () => {
    await partition('2018-06-01', '2018-06-02');
    await partition('2019-01-01', '2019-01-02');
    await partition('2019-01-20', '2019-01-21');
    await partition('2019-02-01', '2019-02-02');
    await keepOld(FIRST_BOOT, 3, '2019-01-01T12:00:00Z');
  });

  test('of before the boot stay closed where a log is read from its first leaf', async () => {
    expect(await opened((sql) => new LeafSource(sql).read(new Map()))).toEqual([
      'leaf_20190101',
      'leaf_20190120',
      'leaf_20190201',
    ]);
  });

  test('of before the day up to which a log was read stay closed where it is read on', async () => {
    const at = new Date('2019-01-30T00:00:00Z');
    const positions = new Map([[FIRST_BOOT, { next: 3n, at }]]);
    // As often as makes PostgreSQL consider one plan for all parameters, were the statement kept.
    const reading = (sql: Store) => new LeafSource(sql).read(positions);
    expect(await opened(reading, 8)).toEqual(['leaf_20190201']);
  });

  test('of before the boot stay closed where a leaf is proven', async () => {
    await owner`insert into checkpoint (origin, size, root_hash, signed_note)
      values (${FIRST_BOOT}, 3, ${Buffer.alloc(32)}, 'note')`;
    const names = await opened((sql) =>
      proveInclusion(sql, FIRST_BOOT, 1n).catch((error: Error) => error.name),
    );
    expect(names).toEqual(['leaf_20190101', 'leaf_20190120', 'leaf_20190201']);
  });
});
