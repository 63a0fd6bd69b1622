import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MalformedFileError } from '@contactpoint/subgraph-kit/import-report';
import { connect, migrate, type Store } from '@contactpoint/subgraph-kit/store';
import { createTestDatabase, type TestDatabase } from '@contactpoint/subgraph-kit/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { healthSubgraph } from '../definition.ts';
import { importEpraccur } from './epraccur.ts';
import { EPRACCUR_COLUMNS, type EpraccurColumn } from './epraccur-row.ts';

const REAL_FILE = new URL('../../../../../shared/data/health/epraccur.csv', import.meta.url).pathname;

let database: TestDatabase;
let store: Store;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'contactpoint-epraccur-'));
  database = await createTestDatabase();
  store = connect(database.url);
  await migrate(store, healthSubgraph.migrations);
});
afterAll(async () => {
  await store.end({ timeout: 5 });
  await database.drop();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => void (await store`truncate practice cascade`));

const HARBOUR = {
  'Organisation Code': 'A12345',
  Name: 'HARBOUR SURGERY',
  'Address Line 1': '1 QUAY STREET',
  'Address Line 3': 'SEAHAM',
  'Address Line 4': 'COUNTY DURHAM',
  Postcode: 'SR7 7AA',
  'Open Date': '19740401',
} as const;

type Cells = Partial<Record<EpraccurColumn, string>>;

function row(cells: Cells): string {
  return EPRACCUR_COLUMNS.map((column) => `"${(cells[column] ?? '').replaceAll('"', '""')}"`).join(',');
}

function fileOf(...lines: readonly string[]): string {
  const file = join(folder, 'practices.csv');
  writeFileSync(file, lines.map((line) => `${line}\r\n`).join(''));
  return file;
}

async function stored() {
  return await store`select ods_code, name, town, postcode from practice order by ods_code`;
}

describe('a list of practices', () => {
  test('is stored once, and again only where it changed', async () => {
    const other = { ...HARBOUR, 'Organisation Code': 'ALD200', Name: 'FORT "ISLAND" SURGERY' };
    const first = await importEpraccur(store, fileOf(row(HARBOUR), row(other)));
    expect(first).toEqual({
      source: 'epraccur',
      rows: 2,
      accepted: 2,
      updated: 0,
      unchanged: 0,
      dropped: [],
      quarantined: [],
    });
    expect([...(await stored())]).toEqual([
      { ods_code: 'A12345', name: 'HARBOUR SURGERY', town: 'SEAHAM', postcode: 'SR7 7AA' },
      { ods_code: 'ALD200', name: 'FORT "ISLAND" SURGERY', town: 'SEAHAM', postcode: 'SR7 7AA' },
    ]);
    expect(await importEpraccur(store, fileOf(row(HARBOUR), row(other)))).toMatchObject({
      accepted: 0,
      unchanged: 2,
    });
    const moved = { ...other, Postcode: '' };
    expect(await importEpraccur(store, fileOf(row(HARBOUR), row(moved)))).toMatchObject({
      updated: 1,
      unchanged: 1,
    });
  });

  test.each<[string, Cells, string, EpraccurColumn]>([
    ['a code that is none', { 'Organisation Code': 'A1234' }, 'INVALID_ODS_CODE', 'Organisation Code'],
    ['no code', { 'Organisation Code': '' }, 'INVALID_ODS_CODE', 'Organisation Code'],
    ['no name', { Name: '  ' }, 'MISSING_NAME', 'Name'],
    ['a NUL in the name', { Name: 'HARBOUR\u0000' }, 'CONTROL_CHARACTER', 'Name'],
    ['a day that does not exist', { 'Open Date': '20230229' }, 'INVALID_DATE', 'Open Date'],
    ['an end before the start', { 'Close Date': '19740331' }, 'CLOSED_BEFORE_OPENED', 'Close Date'],
    ['a code that another row has', { 'Organisation Code': 'B12345' }, 'DUPLICATE_CODE', 'Organisation Code'],
  ])('quarantines a row with %s', async (_case, cells, reason, field) => {
    const before = { ...HARBOUR, 'Organisation Code': 'B12345' };
    const report = await importEpraccur(store, fileOf(row(before), row({ ...HARBOUR, ...cells })));
    expect(report).toMatchObject({ rows: 2, accepted: 1 });
    expect(report.quarantined).toEqual([{ file: 'practices.csv', line: 2, field, reason }]);
    expect(await stored()).toHaveLength(1);
  });

  test('drops a postcode that is none, and takes the row', async () => {
    const report = await importEpraccur(store, fileOf(row({ ...HARBOUR, Postcode: 'SR7' })));
    expect(report.dropped).toEqual([
      { file: 'practices.csv', line: 1, field: 'Postcode', reason: 'INVALID_POSTCODE' },
    ]);
    expect(await stored()).toMatchObject([{ ods_code: 'A12345', postcode: null }]);
  });

  test.each([
    ['under a village', { 'Address Line 4': 'GOSPORT', 'Address Line 5': 'HAMPSHIRE' }, 'GOSPORT'],
    ['on the fourth line', { 'Address Line 3': '', 'Address Line 4': 'LONDON' }, 'LONDON'],
    ['on the second line', { 'Address Line 2': 'HULL', 'Address Line 3': '', 'Address Line 4': '' }, 'HULL'],
  ])('finds the town %s', async (_case, cells, town) => {
    await importEpraccur(store, fileOf(row({ ...HARBOUR, ...cells })));
    expect(await stored()).toMatchObject([{ town }]);
  });
});

describe('a malformed list', () => {
  test.each([
    ['a column too few', [row(HARBOUR).replace(/,""$/, '')], 2, 'Null 6'],
    ['a column too many', [`${row(HARBOUR)},""`], 2, 'Null 6'],
    ['a header and nothing like it', ['code,name'], 2, 'National Grouping'],
    ['a quote left open', [row(HARBOUR).replace('STREET"', 'STREET')], 2, 'Address Line 1'],
    ['text after a quote', [row(HARBOUR).replace('"HARBOUR', '"HARB"OUR')], 2, 'Name'],
  ])('with %s changes nothing and names line and field', async (_case, lines, line, field) => {
    const good = row({ ...HARBOUR, 'Organisation Code': 'B12345' });
    const failure = await importEpraccur(store, fileOf(good, ...lines)).catch((cause: unknown) => cause);
    expect(failure).toBeInstanceOf(MalformedFileError);
    expect((failure as MalformedFileError).place).toEqual({ file: 'practices.csv', line, field });
    expect((failure as MalformedFileError).message).not.toContain('HARB');
    expect(await stored()).toHaveLength(0);
  });

  test('that is empty, or not there, is refused', async () => {
    await expect(importEpraccur(store, fileOf())).rejects.toThrow(/practices.csv, line 1: holds no rows/);
    await expect(importEpraccur(store, join(folder, 'nowhere.csv'))).rejects.toThrow(/ENOENT/);
  });
});

test.skipIf(!existsSync(REAL_FILE))(
  'the published list: each of its rows is accounted for, twice',
  async () => {
    const progress: number[] = [];
    const first = await importEpraccur(store, REAL_FILE, { onProgress: (done) => progress.push(done) });
    expect(first.rows).toBe(14_303);
    expect(first.accepted + first.quarantined.length).toBe(14_303);
    expect(first.quarantined).toEqual([]);
    expect(progress.length).toBeGreaterThan(10);
    const second = await importEpraccur(store, REAL_FILE);
    expect(second).toEqual({ ...first, accepted: 0, unchanged: first.accepted });
  },
);
