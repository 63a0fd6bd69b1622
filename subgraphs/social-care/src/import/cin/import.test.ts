import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MalformedFileError } from '@contactpoint/subgraph-kit/import-report';
import { connect, migrate, type Store } from '@contactpoint/subgraph-kit/store';
import { createTestDatabase } from '@contactpoint/subgraph-kit/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { socialCareSubgraph } from '../../definition.ts';
import { childIdOf, directoryStandIn } from '../directory.fixture.ts';
import { importCin } from './import.ts';

const WHO =
  '<LAchildID>A1</LAchildID><UPN>B801200005001</UPN><PersonBirthDate>2010-06-15</PersonBirthDate><GenderCurrent>1</GenderCurrent>';
const UNBORN =
  '<LAchildID>A1</LAchildID><ExpectedPersonBirthDate>2026-12-24</ExpectedPersonBirthDate><GenderCurrent>0</GenderCurrent>';
const REFERRED = '<CINreferralDate>2022-10-06</CINreferralDate><ReferralSource>1A</ReferralSource>';
const NEED = '<PrimaryNeedCode>N4</PrimaryNeedCode>';
const NFA = '<ReferralNFA>false</ReferralNFA>';
const EPISODE = `<CINdetails>${REFERRED}${NEED}${NFA}</CINdetails>`;
const ENQUIRY =
  '<Section47><S47ActualStartDate>2022-11-02</S47ActualStartDate><DateOfInitialCPC>2022-11-17</DateOfInitialCPC><ICPCnotRequired>false</ICPCnotRequired></Section47>';
const PLAN =
  '<ChildProtectionPlans><CPPstartDate>2022-12-17</CPPstartDate><InitialCategoryOfAbuse>PHY</InitialCategoryOfAbuse><LatestCategoryOfAbuse>NEG</LatestCategoryOfAbuse><NumberOfPreviousCPP>0</NumberOfPreviousCPP><Reviews><CPPreviewDate>2023-02-15</CPPreviewDate><CPPreviewDate>2023-08-15</CPPreviewDate></Reviews></ChildProtectionPlans>';
const ASSESSMENT =
  '<Assessments><AssessmentActualStartDate>2022-10-07</AssessmentActualStartDate><FactorsIdentifiedAtAssessment><AssessmentFactors>1C</AssessmentFactors><AssessmentFactors>6B</AssessmentFactors></FactorsIdentifiedAtAssessment></Assessments>';

function childElement(who = WHO, episodes = EPISODE, disabilities = ''): string {
  return `<Child>\n<ChildIdentifiers>${who}</ChildIdentifiers>\n<ChildCharacteristics><Ethnicity>WBRI</Ethnicity>${disabilities}</ChildCharacteristics>\n${episodes}</Child>\n`;
}

function census(
  children: string,
  header = '<Collection>CIN</Collection></CollectionDetails><Source><LEA>975</LEA></Source>',
): string {
  return `<Message>\n<Header><CollectionDetails>${header}</Header>\n<Children>\n${children}</Children>\n</Message>`;
}

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let store: Store;
let folder: string;

beforeAll(async () => {
  database = await createTestDatabase();
  store = connect(database.url);
  await migrate(store, socialCareSubgraph.migrations);
  folder = mkdtempSync(join(tmpdir(), 'cin-census-'));
});
afterAll(async () => {
  await store.end();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await store`truncate care_child cascade`;
});

function file(text: string | Uint8Array): string {
  const path = join(folder, 'census.xml');
  writeFileSync(path, text);
  return path;
}

describe('importCin', () => {
  test('takes a child with all its parts, twice with the same result', async () => {
    const directory = directoryStandIn();
    const disabilities =
      '<Disabilities><Disability>HEAR</Disability><Disability>HAND</Disability></Disabilities>';
    const episode = `<CINdetails>${REFERRED}${NEED}${ASSESSMENT}${ENQUIRY}${NFA}${PLAN}</CINdetails>`;
    const path = file(census(childElement(WHO, episode, disabilities)));
    const first = await importCin(store, path, { register: directory.register });
    expect(first).toMatchObject({ source: 'cin', rows: 7, accepted: 7, dropped: [], quarantined: [] });
    expect(directory.brought.get('A1')).toEqual({
      ref: 'A1',
      authority: '975',
      localId: 'A1',
      dateOfBirth: '2010-06-15',
      sex: 'MALE',
      upn: 'B801200005001',
      ethnicity: 'WBRI',
    });
    const stored = await store`
      select disabilities, factors, p.latest_category, s.initial_conference_on, r.primary_need
      from care_child join referral r using (child_id) join assessment using (child_id)
      join section47_enquiry s using (child_id) join child_protection_plan p using (child_id)
      where child_id = ${childIdOf('A1')}`;
    expect(stored).toEqual([
      {
        disabilities: ['HAND', 'HEAR'],
        factors: ['1C', '6B'],
        latest_category: 'NEG',
        initial_conference_on: '2022-11-17',
        primary_need: 'N4',
      },
    ]);
    expect(await importCin(store, path, { register: directory.register })).toMatchObject({
      rows: 7,
      unchanged: 7,
    });
  });

  test('a child referred before it was born is no contradiction, one referred years before is', async () => {
    const { register } = directoryStandIn();
    const weeksBefore = EPISODE.replace('2022-10-06', '2010-03-01');
    const yearsBefore = `\n${EPISODE}`.replace('2022-10-06', '2008-03-01');
    const report = await importCin(store, file(census(childElement(WHO, weeksBefore + yearsBefore))), {
      register,
    });
    expect(report.kinds.episodes).toMatchObject({ accepted: 1, quarantined: 1 });
    expect(report.quarantined).toEqual([
      { file: 'census.xml', line: 8, field: 'CINreferralDate', reason: 'BEFORE_BIRTH' },
    ]);
  });

  test('an unborn child is registered without a date of birth', async () => {
    const directory = directoryStandIn();
    const episode = EPISODE.replace('2022-10-06', '2026-08-01');
    const report = await importCin(store, file(census(childElement(UNBORN, episode))), {
      register: directory.register,
    });
    expect(report).toMatchObject({ rows: 2, accepted: 2 });
    expect(directory.brought.get('A1')).toMatchObject({ dateOfBirth: null, sex: 'UNKNOWN' });
  });

  test('a referral without further action counts as none only where no work followed', async () => {
    const { register } = directoryStandIn();
    const nfa = EPISODE.replace('false', 'true');
    const worked = nfa
      .replace('2022-10-06', '2023-10-06')
      .replace('<ReferralNFA>', `${ENQUIRY}<ReferralNFA>`);
    await importCin(store, file(census(childElement(WHO, nfa + worked))), { register });
    const referrals = await store`select no_further_action as nfa from referral order by received_on`;
    expect(referrals.map(({ nfa: is }) => is)).toEqual([true, false]);
  });

  test.each([
    ['no local number', WHO.replace('A1', ' '), 'MISSING_LOCAL_ID', 'LAchildID'],
    [
      'a death before birth',
      `${WHO}<PersonDeathDate>2009-01-01</PersonDeathDate>`,
      'BEFORE_BIRTH',
      'PersonDeathDate',
    ],
    ['an unknown sex', WHO.replace('>1<', '>5<'), 'UNKNOWN_CODE', 'GenderCurrent'],
    ['no sex', WHO.replace('<GenderCurrent>1</GenderCurrent>', ''), 'MISSING_VALUE', 'GenderCurrent'],
    ['a birth on no day', WHO.replace('2010-06-15', '2010-02-30'), 'INVALID_DATE', 'PersonBirthDate'],
  ])('a child with %s is quarantined with its episodes', async (_case, who, reason, field) => {
    const directory = directoryStandIn();
    const report = await importCin(store, file(census(childElement(who))), { register: directory.register });
    expect(report).toMatchObject({ rows: 2, accepted: 0 });
    expect(report.quarantined).toMatchObject([{ reason, field }, { reason: 'CHILD_NOT_TAKEN' }]);
    expect(directory.brought.size).toBe(0);
  });

  test.each([
    ['an unknown need', EPISODE.replace('N4', 'N77'), 'UNKNOWN_CODE', 'PrimaryNeedCode'],
    ['an unknown source', EPISODE.replace('1A', '99'), 'UNKNOWN_CODE', 'ReferralSource'],
    ['no referral date', EPISODE.replace('2022-10-06', ''), 'MISSING_VALUE', 'CINreferralDate'],
    [
      'a closure before the referral',
      EPISODE.replace(NEED, `${NEED}<CINclosureDate>2022-10-05</CINclosureDate>`),
      'END_BEFORE_START',
      'CINclosureDate',
    ],
  ])('an episode with %s is quarantined alone', async (_case, episode, reason, field) => {
    const { register } = directoryStandIn();
    const report = await importCin(store, file(census(childElement(WHO, episode))), { register });
    expect(report).toMatchObject({ rows: 2, accepted: 1, quarantined: [{ line: 7, reason, field }] });
  });

  test.each([
    ['a plan', PLAN.replace('PHY', 'XXX'), 'UNKNOWN_CODE', 'InitialCategoryOfAbuse'],
    ['an enquiry', ENQUIRY.replace('2022-11-17', '2022-11-01'), 'END_BEFORE_START', 'DateOfInitialCPC'],
    ['an assessment', ASSESSMENT.replace('1C', '1Z'), 'UNKNOWN_CODE', 'AssessmentFactors'],
  ])('%s that is wrong is quarantined without its episode', async (_case, part, reason, field) => {
    const { register } = directoryStandIn();
    const episode = `<CINdetails>${REFERRED}${NEED}${NFA}${part}</CINdetails>`;
    const report = await importCin(store, file(census(childElement(WHO, episode))), { register });
    expect(report.quarantined).toMatchObject([{ reason, field }]);
    expect(report.kinds.episodes).toMatchObject({ accepted: 1 });
  });

  test('NONE among the disabilities is no disability', async () => {
    const { register } = directoryStandIn();
    const none = '<Disabilities><Disability>NONE</Disability></Disabilities>';
    await importCin(store, file(census(childElement(WHO, EPISODE, none))), { register });
    expect(await store`select disabilities from care_child`).toEqual([{ disabilities: [] }]);
  });

  test.each([
    ['a tag that is not closed', census(childElement()).replace('</Child>\n', ''), undefined],
    ['an end in the middle', census(childElement()).slice(0, 300), undefined],
    ['another collection', census('', '<Collection>SC</Collection></CollectionDetails>'), 'Collection'],
    ['no authority', census('', '<Collection>CIN</Collection></CollectionDetails><Source/>'), 'LEA'],
    ['another root', '<Return/>', 'Return'],
    ['no header', `<Message><Children>${childElement()}</Children></Message>`, 'Header'],
    ['a document type', `<!DOCTYPE x [<!ENTITY a "b">]>${census('')}`, undefined],
    ['another encoding', `<?xml version="1.0" encoding="ISO-8859-1"?>${census('')}`, 'encoding'],
    [
      'bytes that are not UTF-8',
      Buffer.from(census(childElement()).replace('A1', '\xe9'), 'latin1'),
      undefined,
    ],
    ['no XML at all', 'CHILD,SEX,DOB\n7,2,27/03/2008\n', undefined],
    ['nothing', '', undefined],
  ])('a file with %s changes nothing and names the place', async (_case, text, field) => {
    const directory = directoryStandIn();
    const error = await importCin(store, file(text), { register: directory.register }).catch(
      (cause) => cause,
    );
    expect(error).toBeInstanceOf(MalformedFileError);
    expect((error as MalformedFileError).place.line).toBeGreaterThan(0);
    if (field !== undefined) expect((error as MalformedFileError).place.field).toBe(field);
    expect(directory.brought.size).toBe(0);
    expect(await store`select 1 from care_child`).toHaveLength(0);
  });
});
