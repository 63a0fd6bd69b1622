import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MalformedFileError } from '@contactpoint/subgraph-kit/import-report';
import { connect, migrate, type Store } from '@contactpoint/subgraph-kit/store';
import { createTestDatabase, type TestDatabase } from '@contactpoint/subgraph-kit/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { educationSubgraph } from '../definition.ts';
import { importGias } from './gias.ts';

/** The register as it is published lies beside the checkout where there is a copy. */
const REAL_FILE = new URL('../../../../../shared/data/education/gias_schools_register.csv', import.meta.url)
  .pathname;

const HEADER = 'urn,name,open_date,town,postcode';
const ALDGATE = '100000,The Aldgate School,,London,EC3A 5DE';
const HEATH = '100006,"Heath School, North",01-09-1999,London,NW3 2NY';

let database: TestDatabase;
let store: Store;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'contactpoint-gias-'));
  database = await createTestDatabase();
  store = connect(database.url);
  await migrate(store, educationSubgraph.migrations);
});
afterAll(async () => {
  await store.end({ timeout: 5 });
  await database.drop();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => void (await store`truncate school cascade`));

function fileOf(...lines: readonly string[]): string {
  const file = join(folder, 'schools.csv');
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
  return file;
}

async function stored() {
  return [
    ...(await store`select urn, name, town, postcode, opened_on as "openedOn" from school order by urn`),
  ];
}

const nothing = { accepted: 0, updated: 0, unchanged: 0, dropped: [], quarantined: [] };

describe('a register of schools', () => {
  test('is stored once, and again only where it changed', async () => {
    const first = await importGias(store, fileOf(HEADER, ALDGATE, HEATH));
    expect(first).toEqual({ ...nothing, source: 'gias', rows: 2, accepted: 2 });
    expect(await stored()).toEqual([
      { urn: '100000', name: 'The Aldgate School', town: 'London', postcode: 'EC3A 5DE', openedOn: null },
      {
        urn: '100006',
        name: 'Heath School, North',
        town: 'London',
        postcode: 'NW3 2NY',
        openedOn: '1999-09-01',
      },
    ]);

    expect(await importGias(store, fileOf(HEADER, ALDGATE, HEATH))).toMatchObject({
      ...nothing,
      unchanged: 2,
    });
    const renamed = await importGias(store, fileOf(HEADER, ALDGATE.replace('The ', ''), HEATH));
    expect(renamed).toMatchObject({ ...nothing, updated: 1, unchanged: 1 });
    expect((await stored())[0]).toMatchObject({ name: 'Aldgate School' });
  });

  test('may have its columns in another order, and others beside them', async () => {
    const file = fileOf('\uFEFFpostcode,URN,phase,town,name,open_date', 'ec3a 5de,100000,PRI,,Aldgate,');
    expect(await importGias(store, file)).toMatchObject({ accepted: 1 });
    expect(await stored()).toEqual([
      { urn: '100000', name: 'Aldgate', town: null, postcode: 'EC3A 5DE', openedOn: null },
    ]);
  });

  test('leaves schools alone that it does not name', async () => {
    await importGias(store, fileOf(HEADER, ALDGATE));
    await importGias(store, fileOf(HEADER, HEATH));
    expect(await stored()).toHaveLength(2);
  });

  test.each([
    ['31-02-1999', 'no day of the calendar'],
    ['1999-09-01', 'another format'],
    ['1-9-1999', 'digits missing'],
  ])('an opening date %s is dropped and reported: %s', async (date) => {
    const report = await importGias(store, fileOf(HEADER, HEATH.replace('01-09-1999', date)));
    expect(report).toMatchObject({
      accepted: 1,
      dropped: [{ file: 'schools.csv', line: 2, field: 'open_date', reason: 'INVALID_DATE' }],
    });
    expect(await stored()).toMatchObject([{ openedOn: null }]);
  });

  test('a postcode that is none is dropped and reported', async () => {
    const report = await importGias(store, fileOf(HEADER, ALDGATE.replace('EC3A 5DE', 'unknown')));
    expect(report).toMatchObject({
      accepted: 1,
      dropped: [{ line: 2, field: 'postcode', reason: 'INVALID_POSTCODE' }],
    });
  });

  test.each([
    ['a number of five digits', ALDGATE.replace('100000', '10000'), 'urn', 'INVALID_URN'],
    ['a number with a letter', ALDGATE.replace('100000', '10000O'), 'urn', 'INVALID_URN'],
    ['no number', ALDGATE.replace('100000', ''), 'urn', 'INVALID_URN'],
    ['no name', ALDGATE.replace('The Aldgate School', ' '), 'name', 'MISSING_NAME'],
    ['a control character', ALDGATE.replace('Aldgate', 'Ald\u0000gate'), 'name', 'INVALID_CHARACTER'],
    ['the number of an earlier row', HEATH.replace('100006', '100007'), 'urn', 'DUPLICATE_URN'],
  ])('a row with %s is quarantined, the others taken', async (_case, bad, field, reason) => {
    const other = '100007,Camden,,London,NW1 3EX';
    expect(await importGias(store, fileOf(HEADER, other, bad, HEATH))).toMatchObject({
      rows: 3,
      accepted: 2,
      quarantined: [{ file: 'schools.csv', line: 3, field, reason }],
    });
    expect(await stored()).toMatchObject([{ urn: '100006' }, { urn: '100007', name: 'Camden' }]);
  });
});

describe('a file that is no register', () => {
  test.each([
    ['a column is missing', ['urn,name,town,postcode', '1,2,3,4'], { line: 1, field: 'open_date' }],
    ['a column is there twice', [`${HEADER},urn`, `${ALDGATE},1`], { line: 1, field: 'urn' }],
    ['a row is too short', [HEADER, ALDGATE, '100001,Short,,London'], { line: 3, field: 'postcode' }],
    [
      'a row is too long',
      [HEADER, ALDGATE, '100001,Long, School,,London,N1 1AA'],
      { line: 3, field: 'postcode' },
    ],
    ['a quote is not closed', [HEADER, ALDGATE, '100001,"Open,,London,N1 1AA'], { line: 3 }],
    [
      'text follows a quote',
      [HEADER, ALDGATE, '100001,"Closed" twice,,London,N1 1AA'],
      { line: 3, field: 'name' },
    ],
    [
      'a quote stands in a field',
      [HEADER, ALDGATE, '100001,In "the" field,,London,N1 1AA'],
      { line: 3, field: 'name' },
    ],
    ['it is empty', [], { line: 1 }],
    ['it has no rows', [HEADER], { line: 1 }],
    ['it is something else', ['%PDF-1.7', '1 0 obj'], { line: 1, field: 'urn' }],
  ])('changes nothing: %s', async (_case, lines, place) => {
    await importGias(store, fileOf(HEADER, HEATH));
    const before = await stored();
    const refused = importGias(store, fileOf(...lines));
    await expect(refused).rejects.toThrow(MalformedFileError);
    await expect(refused).rejects.toMatchObject({ place: { file: 'schools.csv', ...place } });
    expect(await stored()).toEqual(before);
  });

  test('is refused late as well as early, with all before it taken back', async () => {
    const rows = Array.from({ length: 2500 }, (_, index) => `${200000 + index},School ${index},,Town,N1 1AA`);
    await expect(importGias(store, fileOf(HEADER, ...rows, '1,2'))).rejects.toMatchObject({
      place: { line: 2502 },
    });
    expect(await stored()).toEqual([]);
  });

  test('does not tell its values in the message', async () => {
    await expect(importGias(store, fileOf(HEADER, '100001,"Secret" name,,London,N1 1AA'))).rejects.toThrow(
      'schools.csv, line 2, field name: text follows a closing quote',
    );
  });

  test('that is not there is said by the file system', async () => {
    await expect(importGias(store, join(folder, 'none.csv'))).rejects.toThrow('ENOENT');
  });
});

describe.skipIf(!existsSync(REAL_FILE))('the register as it is published', () => {
  test('is taken whole, each row accounted for, and once', async () => {
    const progress: number[] = [];
    const report = await importGias(store, REAL_FILE, {
      onProgress: (read, total) => progress.push(read / total),
    });
    expect(report).toMatchObject({ rows: 22_010, updated: 0, unchanged: 0 });
    expect(report.accepted + report.quarantined.length).toBe(22_010);
    expect(report.quarantined).toEqual([]);
    expect(await stored()).toHaveLength(22_010);
    expect(progress.at(-1)).toBe(1);
    expect(progress).toEqual(progress.toSorted((one, other) => one - other));

    const again = await importGias(store, REAL_FILE);
    expect(again).toEqual({ ...report, accepted: 0, unchanged: report.accepted });
  });
});
