import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startCluster } from '@contactpoint/scripts/postgres/embedded-postgres';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askForEvents } from '../access/access-log.ts';
import { reasonsOf } from '../access/reasons.ts';
import { startTestSystem, type TestSystem } from '../running-system.ts';
import { expectAccounted, expectUnchanged } from './import-account.ts';
import { type Agency, ImportDesk, type ImportRun } from './import-command.ts';
import { careReturn, census } from './import-files.ts';

/** Third-party files that lie beside a developer's checkout and never in it. */
const SHARED = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const isShared = existsSync(SHARED);
if (!isShared) console.warn(`Left out, no files in ${SHARED}: the imports of whole statutory files`);

const LIMIT = 180_000;

let system: TestSystem;
let desk: ImportDesk;

beforeAll(async () => {
  system = await startTestSystem();
  desk = new ImportDesk(system);
});

afterAll(async () => {
  desk?.remove();
  await system?.remove();
});

const FOUND = /* GraphQL */ `
  query Found($value: String!) {
    childByIdentifier(system: LOCAL_AUTHORITY_CHILD_ID, value: $value) {
      id
      dateOfBirth
      upn
      socialCare { status primaryNeed childProtectionPlans { startedOn initialCategory } }
    }
  }
`;

const RECORD = /* GraphQL */ `
  mutation Record($childId: ID!) {
    recordInvolvement(input: { childId: $childId, service: "Assessment team", from: "2025-01-06" }) { id }
  }
`;

const find = (value: string) =>
  system.ask('social-worker', { query: FOUND, variables: { value }, purpose: 'S47' });

describe('a child of an imported census', () => {
  const BORN = '2014-05-17';

  test("is taken, is found by the authority's number, and seen once somebody is involved", async () => {
    const run = await desk.run(
      'cin',
      desk.file(census([{ localId: 'IMP-1', bornOn: BORN, upn: 'B801200005001' }])),
    );
    expectAccounted(run);
    expect(run.report).toMatchObject({ source: 'cin', rows: 3, accepted: 3, dropped: [], quarantined: [] });

    const before = await find('IMP-1');
    const child = before.body.data.childByIdentifier;
    expect(child).toMatchObject({ id: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{16}$/), dateOfBirth: BORN });
    expect(child.socialCare).toBeNull();
    expect(reasonsOf(before)).toMatchObject({ 'childByIdentifier.socialCare': 'RELATIONSHIP' });

    const recorded = await system.ask('social-worker', {
      query: RECORD,
      variables: { childId: child.id },
      purpose: 'S47',
    });
    expect(recorded.body).toEqual({ data: { recordInvolvement: { id: child.id } } });
    await expect
      .poll(async () => (await find('IMP-1')).body, { timeout: 5_000 })
      .toEqual({
        data: {
          childByIdentifier: {
            id: child.id,
            dateOfBirth: BORN,
            upn: 'B801200005001',
            socialCare: {
              status: expect.any(String),
              primaryNeed: 'N1',
              childProtectionPlans: [{ startedOn: '2025-03-01', initialCategory: 'NEG' }],
            },
          },
        },
      });
  });

  test('whose import is an event that the auditor finds by the child', async () => {
    const { id } = (await find('IMP-1')).body.data.childByIdentifier;
    const { events } = await askForEvents(system, { childId: id, organisationId: 'LA-975' });
    const imported = events.find(({ origin }) => origin.includes('/import/'));
    expect(imported).toMatchObject({ outcome: 'RELEASED', practitionerId: null, breakGlass: false });
    expect(imported?.subjects.map(({ childId }) => childId)).toEqual([id]);
  });

  test('imported again changes nothing', async () => {
    const file = desk.file(census([{ localId: 'IMP-1', bornOn: BORN, upn: 'B801200005001' }]));
    const contents = await desk.contents('directory', 'social-care');
    const run = await desk.run('cin', file);
    expect(run.report).toMatchObject({ rows: 3, accepted: 0, updated: 0, unchanged: 3 });
    expect(await desk.contents('directory', 'social-care')).toEqual(contents);
  });

  test('that resembles a shielded one is quarantined, and no second child made', async () => {
    const sql = postgres(system.databases.directory, { max: 1 });
    const [shielded] = await sql<{ bornOn: string; sex: string }[]>`
      select date_of_birth::text as "bornOn", sex from child where id = ${system.scenarios.shielded}`;
    await sql.end();
    const { bornOn = '', sex } = shielded ?? {};
    const contents = await desk.contents('directory', 'social-care');
    const run = await desk.run(
      'cin',
      desk.file(census([{ localId: 'IMP-SHADOW', bornOn, sex: sex === 'MALE' ? 1 : 2 }])),
    );
    expectAccounted(run);
    expect(run.report?.quarantined).toContainEqual(expect.objectContaining({ reason: 'RESEMBLES_SHIELDED' }));
    expect(run.output).not.toContain(bornOn);
    expect(await desk.contents('directory', 'social-care')).toEqual(contents);
    expect((await find('IMP-SHADOW')).body.data.childByIdentifier).toBeNull();
  });
});

describe('a file that cannot be taken', () => {
  const whole = census([{ localId: 'IMP-BAD', bornOn: '2015-01-02' }]);
  const [header, episodes] = careReturn(900_000, 3);

  test.each<[string, string, readonly string[], readonly string[], number, RegExp]>([
    ['a census cut off', 'cin', [], [whole.slice(0, -40)], 65, /line \d+/],
    ['a census that is none', 'cin', [], ['{"children": []}'], 65, /line 1/],
    ['an empty census', 'cin', [], [''], 65, /line \d+/],
    [
      'episodes without a column',
      'ssda903',
      ['--la', '975'],
      [header, episodes.replace('DECOM,', '')],
      65,
      /line 1|columns/,
    ],
    ['a return without its header', 'ssda903', ['--la', '975'], [episodes], 65, /header is missing/],
    [
      'a row with too many fields',
      'ssda903',
      ['--la', '975'],
      [`${header}1,2,3,4,5,6,7,8,9\n`, episodes],
      65,
      /line 5/,
    ],
    ['schools without numbers', 'gias', [], ['name,town\nA,B\n'], 65, /line 1/],
    ['practices that are something else', 'epraccur', [], ['urn,name\n1,2\n'], 65, /line 1/],
    ['a file that is not there', 'cin', [], ['/nowhere'], 66, /cannot be read/],
  ])('%s changes nothing, and says where', async (_case, source, words, texts, code, place) => {
    const contents = await desk.contents('directory', 'social-care', 'education', 'health');
    const files = texts.map((text) => (text === '/nowhere' ? text : desk.file(text)));
    const run = await desk.run(source, ...words, ...files);
    expect(run.output).toMatch(place);
    expect(run.output).not.toMatch(/\n\s+at /);
    expect(run.code).toBe(code);
    expect(await desk.contents('directory', 'social-care', 'education', 'health')).toEqual(contents);
  });
});

describe('an import', () => {
  test(
    'killed halfway is completed by the same command',
    async () => {
      const files = careReturn(100_000, 2_000).map((text) => desk.file(text));
      const children = async () =>
        Number((await desk.contents('directory'))['directory.child']?.split(' ')[0]);
      const before = await children();
      const killed = desk.begin('ssda903', '--la', '975', ...files);
      const ended = new Promise((settle) => killed.once('close', settle));
      while ((await children()) === before && killed.exitCode === null);
      killed.kill('SIGKILL');
      await ended;

      const run = await desk.run('ssda903', '--la', '975', ...files);
      expectAccounted(run);
      expect(run.report?.kinds).toMatchObject({ children: { rows: 2_000 }, episodes: { rows: 2_000 } });
      const quarantined = run.report?.quarantined.length ?? 0;
      const contents = await desk.contents('directory', 'social-care');
      const again = await desk.run('ssda903', '--la', '975', ...files);
      expect(again.report).toMatchObject({
        rows: 4_000,
        accepted: 0,
        updated: 0,
        unchanged: 4_000 - quarantined,
      });
      expect(await desk.contents('directory', 'social-care')).toEqual(contents);
    },
    LIMIT,
  );

  test(
    'that nobody could account for does not happen',
    async () => {
      const contents = await desk.contents('directory', 'social-care');
      const file = desk.file(census([{ localId: 'IMP-UNSEEN', bornOn: '2015-01-02' }]));
      await system.clusters.embedded.audit?.stop();
      const run = await desk.run('cin', file);
      await startCluster({ folder: join(system.data, 'audit-postgres'), port: system.ports.auditDatabase });
      expect(run.code).toBe(69);
      expect(run.output).toContain('Nothing of cin was imported');
      expect(await desk.contents('directory', 'social-care')).toEqual(contents);
      expect((await desk.run('cin', file)).code).toBe(0);
    },
    LIMIT,
  );
});

describe.runIf(isShared)('the whole files', () => {
  const careFiles = () =>
    readdirSync(join(SHARED, 'social-care'))
      .filter((name) => name.startsWith('903_'))
      .map((name) => join(SHARED, 'social-care', name));

  test(
    'the CIN census: 332 children and 402 episodes, twice with the same result',
    async () => {
      const file = join(SHARED, 'social-care', 'fake_CIN_data.xml');
      const first = await expectRepeatable(['cin', file], 'directory', 'social-care');
      expect(first.report?.kinds).toMatchObject({ children: { rows: 332 }, episodes: { rows: 402 } });
      const found = (await find('RND000215205141')).body.data.childByIdentifier;
      expect(found).toMatchObject({ dateOfBirth: '2019-12-06' });
    },
    LIMIT,
  );

  test(
    'SSDA903: 2,675 children, 5,050 episodes and 12,582 reviews within a minute, twice with the same result',
    async () => {
      const begun = performance.now();
      const run = await desk.run('ssda903', '--la', '975', ...careFiles());
      const seconds = (performance.now() - begun) / 1_000;
      console.log(`SSDA903 imported in ${seconds.toFixed(1)} s`);
      expect(seconds).toBeLessThan(60);
      expectAccounted(run);
      expect(run.report?.kinds).toMatchObject({
        children: { rows: 2_675 },
        episodes: { rows: 5_050 },
        reviews: { rows: 12_582 },
      });
      const contents = await desk.contents('directory', 'social-care');
      const again = await desk.run('ssda903', '--la', '975', ...careFiles());
      expectUnchanged(run, again);
      expect(await desk.contents('directory', 'social-care')).toEqual(contents);
      expect((await find('566910')).body.data.childByIdentifier).toMatchObject({ dateOfBirth: '2008-03-27' });
    },
    LIMIT,
  );

  test(
    'the schools: 22,010, twice with the same result',
    async () => {
      const file = join(SHARED, 'education', 'gias_schools_register.csv');
      const first = await expectRepeatable(['gias', file], 'education');
      expect(first.report).toMatchObject({ rows: 22_010 });
      const { body } = await system.ask('teacher', { query: '{ school(urn: "100000") { name postcode } }' });
      expect(body).toEqual({ data: { school: { name: 'The Aldgate School', postcode: 'EC3A 5DE' } } });
    },
    LIMIT,
  );

  test(
    'the practices: 14,303, twice with the same result',
    async () => {
      const first = await expectRepeatable(['epraccur', join(SHARED, 'health', 'epraccur.csv')], 'health');
      expect(first.report).toMatchObject({ rows: 14_303 });
      const { body } = await system.ask('teacher', { query: '{ practice(odsCode: "A81001") { name } }' });
      expect(body).toEqual({ data: { practice: { name: 'THE DENSHAM SURGERY' } } });
    },
    LIMIT,
  );
});

async function expectRepeatable(
  words: readonly string[],
  ...agencies: readonly Agency[]
): Promise<ImportRun> {
  const first = await desk.run(...words);
  expectAccounted(first);
  const contents = await desk.contents(...agencies);
  const second = await desk.run(...words);
  expectUnchanged(first, second);
  expect(await desk.contents(...agencies)).toEqual(contents);
  return first;
}
