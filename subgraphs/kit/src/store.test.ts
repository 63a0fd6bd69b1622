import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connect, MigrationError, migrate, type Store } from './store.ts';
import { createTestDatabase, type TestDatabase } from './testing/database.ts';

let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await createTestDatabase();
  store = connect(database.url);
});
afterAll(async () => {
  await store.end({ timeout: 5 });
  await database.drop();
});

describe('connect', () => {
  test('a calendar date stays text, the night the clocks change too; an instant is UTC', async () => {
    const [row] = await store`
      select date '2025-03-30' as day, timestamptz '2025-03-30 02:30:00+01' as at,
        array[date '2015-10-25'] as days, ${'1999-12-31'}::date as sent, ${new Date(0)}::timestamptz as epoch`;
    expect(row).toEqual({
      day: '2025-03-30',
      at: '2025-03-30T01:30:00.000Z',
      days: ['2015-10-25'],
      sent: '1999-12-31',
      epoch: '1970-01-01T00:00:00.000Z',
    });
  });

  test('a statement is planned once, whatever it is given, where that is asked for', async () => {
    const single = connect(database.url, { max: 1, plansOnce: true });
    const ask = (ids: string[]) => single`select unnest(${ids}::text[])`;
    for (const ids of [['a'], ['b'], ['a', 'b', 'c']]) await ask(ids);
    const [plans] = await single`
      select generic_plans::int as generic, custom_plans::int as custom from pg_prepared_statements
      where statement like 'select unnest%'`;
    await single.end();
    expect(plans).toEqual({ generic: 3, custom: 0 });
  });

  test('a statement that takes too long is cancelled', async () => {
    const impatient = connect(database.url, { max: 1, statementTimeout: 50 });
    await expect(impatient`select pg_sleep(5)`).rejects.toMatchObject({ code: '57014' });
    await impatient.end({ timeout: 5 });
  });
});

describe('migrate', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'contactpoint-migrations-'));
    return async () => {
      rmSync(folder, { recursive: true });
      await store`drop table if exists migration, one, two, three`;
    };
  });
  const write = (name: string, sql: string) => writeFileSync(join(folder, name), sql);

  test('runs each file once, in order, however many start together', async () => {
    write('0002-two.sql', 'create table two (n integer references one (n));');
    write('0001-one.sql', 'create table one (n integer primary key);');
    write('notes.txt', 'no statement');
    const other = connect(database.url);
    const applied = await Promise.all([store, other].map((each) => migrate(each, pathToFileURL(folder))));
    expect(applied.flat().sort()).toEqual(['0001-one.sql', '0002-two.sql']);
    expect(await migrate(store, pathToFileURL(folder))).toEqual([]);
    await other.end({ timeout: 5 });
  });

  test('a file that fails leaves nothing behind, and what came before stands', async () => {
    write('0001-one.sql', 'create table one (n integer);');
    write('0003-three.sql', 'create table three (n integer); select nothing_like_it();');
    await expect(migrate(store, pathToFileURL(folder))).rejects.toThrow();
    const [tables] = await store`select to_regclass('one') is not null as one, to_regclass('three') as three`;
    expect(tables).toEqual({ one: true, three: null });
  });

  test('a file that was changed after it ran is refused', async () => {
    write('0001-one.sql', 'create table one (n integer);');
    await migrate(store, pathToFileURL(folder));
    write('0001-one.sql', 'create table one (n bigint);');
    await expect(migrate(store, pathToFileURL(folder))).rejects.toThrow(MigrationError);
  });
});
