import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MalformedFileError } from '@contactpoint/subgraph-kit/import-report';
import { connect, migrate, type Store } from '@contactpoint/subgraph-kit/store';
import { createTestDatabase } from '@contactpoint/subgraph-kit/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { socialCareSubgraph } from '../../definition.ts';
import { childIdOf, directoryStandIn } from '../directory.fixture.ts';
import { importSsda903 } from './import.ts';

const HEADER = 'CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB';
const EPISODES =
  'CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN';
const REVIEWS = 'CHILD,DOB,REVIEW,REVIEW_CODE';
const MISSING = 'CHILD,DOB,MISSING,MIS_START,MIS_END';
const OUTCOMES =
  'CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK,IMMUNISATIONS,TEETH_CHECK,HEALTH_ASSESSMENT,SUBSTANCE_MISUSE,INTERVENTION_RECEIVED,INTERVENTION_OFFERED';
const PERMANENCE = 'CHILD,DOB,PREV_PERM,LA_PERM,DATE_PERM';
const ASYLUM = 'CHILD,SEX,DOB,DUC';

const child = '7,2,27/03/2008,WROM,B801200005001,,';
const episode = '7,15/02/2016,S,C2,N3,U4,PR1,14/08/2017,X1,CARPL,ZZ9 9ZZ,ZZ1 1AA,1234567';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let store: Store;
let folder: string;

beforeAll(async () => {
  database = await createTestDatabase();
  store = connect(database.url);
  await migrate(store, socialCareSubgraph.migrations);
  folder = mkdtempSync(join(tmpdir(), 'ssda903-'));
});
afterAll(async () => {
  await store.end();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await store`truncate care_child cascade`;
});

let written = 0;
/** Writes a file of the set under a name that tells nothing. */
function file(...lines: (string | Uint8Array)[]): string {
  const path = join(folder, `${++written}.csv`);
  writeFileSync(path, Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\r\n')])));
  return path;
}

async function storedRows(): Promise<number> {
  const [rows] = await store<{ n: number }[]>`
    select (select count(*) from care_child) + (select count(*) from care_episode) + (select count(*) from review)
      + (select count(*) from missing_episode) as n`;
  return Number(rows?.n);
}

const authority = '975';

describe('importSsda903', () => {
  test('takes a whole set in any order, twice with the same result', async () => {
    const set = [
      file(REVIEWS, '7,27/03/2008,30/08/2017,PN6'),
      file(EPISODES, episode, '7,14/08/2017,L,C2,N3,U4,PR1,,,,,ZZ1 1AA,'),
      file(MISSING, '7,27/03/2008,M,13/11/2016,25/11/2016'),
      file(OUTCOMES, '7,27/03/2008,39,,1,0,0,0,0,1,0,0'),
      file(PERMANENCE, '7,27/03/2008,P1,975,zz/05/2012'),
      file(ASYLUM, '7,2,27/03/2008,26/03/2026'),
      file(HEADER, child),
    ];
    const directory = directoryStandIn();
    const first = await importSsda903(store, set, { authority, register: directory.register });
    expect(first).toMatchObject({ rows: 8, accepted: 7, unchanged: 1, dropped: [], quarantined: [] });
    expect(first.kinds).toMatchObject({ episodes: { rows: 2, accepted: 2 }, reviews: { rows: 1 } });
    expect([...directory.brought.values()]).toEqual([
      {
        ref: '7',
        authority: '975',
        localId: '7',
        dateOfBirth: '2008-03-27',
        sex: 'FEMALE',
        upn: 'B801200005001',
        ethnicity: 'WROM',
      },
    ]);
    const stored = await store`select * from care_child natural join care_episode order by started_on`;
    expect(stored[0]).toMatchObject({
      child_id: childIdOf('7'),
      convictions: true,
      previous_permanence: 'P1',
      started_on: '2016-02-15',
      ended_on: '2017-08-14',
      legal_status: 'C2',
      placement_type: 'U4',
      postcode: 'ZZ1 1AA',
    });

    const second = await importSsda903(store, set, { authority, register: directory.register });
    expect(second).toMatchObject({ rows: 8, accepted: 0, updated: 0, unchanged: 8 });
    expect(await store`select * from care_child natural join care_episode order by started_on`).toEqual(
      stored,
    );
  });

  test('a return of the next year corrects what it repeats and keeps what it does not', async () => {
    const { register } = directoryStandIn();
    await importSsda903(
      store,
      [file(HEADER, child), file(REVIEWS, '7,,30/08/2017,PN6', '7,,01/02/2018,PN1')],
      { authority, register },
    );
    const report = await importSsda903(
      store,
      [file(HEADER, child), file(REVIEWS, '7,,30/08/2017,PN7', '7,,01/08/2018,PN1')],
      { authority, register },
    );
    expect(report.kinds.reviews).toMatchObject({ accepted: 1, updated: 1, unchanged: 0 });
    const kept = await store`select held_on, participation from review order by held_on`;
    expect(kept.map(({ held_on, participation }) => [held_on, participation])).toEqual([
      ['2017-08-30', 'PN7'],
      ['2018-02-01', 'PN1'],
      ['2018-08-01', 'PN1'],
    ]);
  });

  test.each([
    ['no local number', HEADER, ',2,27/03/2008,WROM,,,', 'MISSING_LOCAL_ID', 'CHILD'],
    ['no date of birth', HEADER, '8,2,,WROM,,,', 'MISSING_VALUE', 'DOB'],
    ['a birth on no day', HEADER, '8,2,31/04/2008,WROM,,,', 'INVALID_DATE', 'DOB'],
    ['an unknown sex', HEADER, '8,3,27/03/2008,WROM,,,', 'UNKNOWN_CODE', 'SEX'],
    ['an unknown ethnicity', HEADER, '8,2,27/03/2008,XXXX,,,', 'UNKNOWN_CODE', 'ETHNIC'],
    [
      'the same child, born another day',
      HEADER,
      '7,2,28/03/2008,WROM,,,',
      'CONTRADICTS_EARLIER_ROW',
      undefined,
    ],
    ['an episode before birth', EPISODES, episode.replace('2016', '2006'), 'BEFORE_BIRTH', 'DECOM'],
    [
      'an end before the start',
      EPISODES,
      episode.replace('14/08/2017', '14/08/2015'),
      'END_BEFORE_START',
      'DEC',
    ],
    ['an unknown legal status', EPISODES, episode.replace('C2', 'C9'), 'UNKNOWN_CODE', 'LS'],
    ['a code that JavaScript knows', EPISODES, episode.replace('C2', 'constructor'), 'UNKNOWN_CODE', 'LS'],
    ['an unknown placement', EPISODES, episode.replace('U4', 'Q4'), 'UNKNOWN_CODE', 'PLACE'],
    ['an unknown end', EPISODES, episode.replace('X1', 'E99'), 'UNKNOWN_CODE', 'REC'],
    ['an episode of nobody', EPISODES, episode.replace('7,', '99,'), 'UNKNOWN_CHILD', 'CHILD'],
    ['a review of nobody', REVIEWS, '99,27/03/2008,30/08/2017,PN6', 'UNKNOWN_CHILD', 'CHILD'],
    ['a review without child', REVIEWS, ',27/03/2008,30/08/2017,PN6', 'MISSING_LOCAL_ID', 'CHILD'],
    ['a review of another birth', REVIEWS, '7,27/03/2009,30/08/2017,PN6', 'CONTRADICTS_EARLIER_ROW', 'DOB'],
    ['an unknown participation', REVIEWS, '7,27/03/2008,30/08/2017,PN9', 'UNKNOWN_CODE', 'REVIEW_CODE'],
    ['missing before birth', MISSING, '7,27/03/2008,M,13/11/2007,', 'BEFORE_BIRTH', 'MIS_START'],
    ['found before missing', MISSING, '7,27/03/2008,M,13/11/2016,12/11/2016', 'END_BEFORE_START', 'MIS_END'],
    ['a score out of range', OUTCOMES, '7,27/03/2008,41,,1,0,0,0,0,1,0,0', 'INVALID_VALUE', 'SDQ_SCORE'],
    ['an unknown permanence', PERMANENCE, '7,27/03/2008,P9,,', 'UNKNOWN_CODE', 'PREV_PERM'],
  ])('quarantines %s alone, with its place', async (_case, columns, row, reason, field) => {
    const header = columns === HEADER ? file(HEADER, child, row) : file(HEADER, child);
    const other = columns === HEADER ? file(EPISODES, episode) : file(columns, row);
    const line = columns === HEADER ? 3 : 2;
    const { register } = directoryStandIn();
    const report = await importSsda903(store, [header, other], { authority, register });
    expect(report.quarantined).toEqual([
      { file: expect.stringMatching(/^\d+\.csv$/), line, reason, ...(field === undefined ? {} : { field }) },
    ]);
    expect(report.rows).toBe(report.accepted + 1);
    expect(JSON.stringify(report)).not.toContain('2008');
  });

  test('two rows that say different things of one review: the first stands', async () => {
    const { register } = directoryStandIn();
    const reviews = file(REVIEWS, '7,,30/08/2017,PN6', '7,,30/08/2017,PN6', '7,,30/08/2017,PN1');
    const report = await importSsda903(store, [file(HEADER, child), reviews], { authority, register });
    expect(report.kinds.reviews).toMatchObject({ accepted: 1, unchanged: 1, quarantined: 1 });
    expect(await store`select participation from review`).toEqual([{ participation: 'PN6' }]);
  });

  test.each([
    ['A801200005001', 'INVALID_UPN'],
    ['UN3', 'UPN_NOT_KNOWN'],
  ])('drops the UPN %s and takes the child', async (upn, reason) => {
    const directory = directoryStandIn();
    const header = file(HEADER, `7,2,27/03/2008,WROM,${upn},,`);
    const report = await importSsda903(store, [header], { authority, register: directory.register });
    expect(report).toMatchObject({ accepted: 1, dropped: [{ line: 2, field: 'UPN', reason }] });
    expect(directory.brought.get('7')).not.toHaveProperty('upn');
  });

  test.each([
    ['resembles a shielded child', 'resembles-shielded', 'RESEMBLES_SHIELDED'],
    ['contradicts the directory', 'contradiction', 'CONTRADICTS_DIRECTORY'],
  ] as const)('a child who %s is not taken, nor its rows', async (_case, outcome, reason) => {
    const { register } = directoryStandIn({ 7: { outcome } });
    const set = [file(HEADER, child, '8,1,01/01/2010,WBRI,,,'), file(EPISODES, episode)];
    const report = await importSsda903(store, set, { authority, register });
    expect(report.quarantined.map((remark) => remark.reason)).toEqual([reason, 'CHILD_NOT_TAKEN']);
    expect(await store`select child_id from care_child`).toEqual([{ child_id: childIdOf('8') }]);
    expect(report).toMatchObject({ rows: 3, accepted: 1 });
  });

  test('a number that another child has is dropped', async () => {
    const { register } = directoryStandIn({ 7: { dropped: ['UPN_IN_USE'] } });
    const report = await importSsda903(store, [file(HEADER, child)], { authority, register });
    expect(report.dropped).toEqual([
      { file: expect.any(String), line: 2, field: 'UPN', reason: 'UPN_IN_USE' },
    ]);
  });

  test.each([
    ['a missing column', () => file(REVIEWS.replace(',REVIEW_CODE', ''), '7,,30/08/2017'), 1, 'REVIEW_CODE'],
    ['columns of something else', () => file('URN,NAME', '1,2'), 1, undefined],
    [
      'a line that ends early',
      () => file(REVIEWS, '7,27/03/2008,30/08/2017,PN6', '7,27/03/2008'),
      3,
      'REVIEW',
    ],
    ['a line with more than it should', () => file(REVIEWS, '7,27/03/2008,30/08/2017,PN6,x'), 2, '5'],
    ['a quote that is not closed', () => file(REVIEWS, '7,27/03/2008,"30/08/2017,PN6'), 2, 'REVIEW'],
    ['another encoding', () => file(REVIEWS, '7,,30/08/2017,PN6', Buffer.from([0xe9, 0x2c])), 3, undefined],
    ['nothing', () => file(), 1, undefined],
  ])('a file with %s changes nothing and names the place', async (_case, malformed, line, field) => {
    const directory = directoryStandIn();
    const importing = importSsda903(store, [file(HEADER, child), malformed()], {
      authority,
      register: directory.register,
    });
    const error = await importing.catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(MalformedFileError);
    expect((error as MalformedFileError).place).toMatchObject({
      line,
      ...(field === undefined ? {} : { field }),
    });
    expect(directory.brought.size).toBe(0);
    expect(await storedRows()).toBe(0);
  });

  test('a set without header is refused', async () => {
    const { register } = directoryStandIn();
    await expect(importSsda903(store, [file(EPISODES, episode)], { authority, register })).rejects.toThrow(
      'the header is missing',
    );
  });

  test('a crash between the directory and social care is completed by the same return', async () => {
    const directory = directoryStandIn();
    const set = [file(HEADER, child), file(EPISODES, episode)];
    await store`alter table care_episode rename to care_episode_away`;
    await expect(importSsda903(store, set, { authority, register: directory.register })).rejects.toThrow();
    await store`alter table care_episode_away rename to care_episode`;
    expect(directory.brought.size).toBe(1);
    expect(await storedRows()).toBe(0);

    const report = await importSsda903(store, set, { authority, register: directory.register });
    expect(report).toMatchObject({ rows: 2, accepted: 2 });
    expect(await storedRows()).toBe(2);
  });

  test('a dry run registers and stores nothing', async () => {
    const directory = directoryStandIn();
    const set = [file(HEADER, child), file(EPISODES, episode, episode.replace('C2', 'C9'))];
    const report = await importSsda903(store, set, { authority, register: directory.register, dryRun: true });
    expect(report).toMatchObject({ rows: 3, accepted: 2, quarantined: [{ line: 3, field: 'LS' }] });
    expect(directory.brought.size).toBe(0);
    expect(await storedRows()).toBe(0);
  });
});
