import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, startTestSystem, type TestSystem } from '../running-system.ts';
import { BY_IDENTIFIER, CASELOAD, FIND, SHIELD } from './operations/doors.ts';
import { codeOf } from './reasons.ts';

/** ContactPoint numbers of nobody. */
const NOBODIES = ['ZZZZZZZZZZZZZZZZ', 'ZZZZZZZZZZZZZZZY', 'ZZZZZZZZZZZZZZZX', 'ZZZZZZZZZZZZZZZW'];

/** One role a situation, since what is counted stays counted. */
const LIMITS = {
  'social-worker': { recordsPerHour: 3 },
  'mash-screener': { recordsPerHour: 3 },
  'general-practitioner': { recordsPerHour: 1 },
  'safeguarding-lead': { missesPerHour: 2 },
  teacher: { missesPerHour: 2 },
  'identity-steward': { recordsPerHour: 2 },
};

let system: TestSystem;
let directory: postgres.Sql;
let children: readonly string[];
const folder = mkdtempSync(join(tmpdir(), 'contactpoint-test-limits-'));

beforeAll(async () => {
  const file = join(folder, 'limits.json');
  writeFileSync(file, JSON.stringify(LIMITS));
  system = await startTestSystem({ gatewayEnvironment: { BROWSE_LIMITS_FILE: file } });
  directory = postgres(system.databases.directory, { max: 1 });
  const rows = await directory<{ id: string }[]>`select id from child order by id limit 10`;
  children = rows.map(({ id }) => id);
});
afterAll(async () => {
  await directory?.end();
  await system?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Children under aliases, in one operation. */
const aliased = (ids: readonly string[], fields = 'id familyName') =>
  `{ ${ids.map((id, index) => `c${index}: child(id: "${id}") { ${fields} }`).join(' ')} }`;

function expectRefused(answer: Answer, limit: string): void {
  expect([answer.status, codeOf(answer), answer.body.errors?.[0]?.extensions?.['limit']]).toEqual([
    429,
    'RECORD_LIMIT_EXCEEDED',
    limit,
  ]);
  expect(answer.body).not.toHaveProperty('data');
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(61 * 60);
  expect(answer.body.errors).toHaveLength(1);
}

/** What was journaled on anybody's request: alerts are compared some seconds after it. */
const journaled = () =>
  directory`select count(*)::int as n from access_journal where operation <> 'comparisons'`;

/** Of the limit; other rules may have theirs, by the time of day above all. */
async function alertsOf(practitionerId: string) {
  const answer = await system.ask('auditor', {
    query: '{ alerts(first: 50) { alerts { rule practitionerId note events { outcome } } } }',
  });
  expect(answer.body.errors).toBeUndefined();
  return answer.body.data.alerts.alerts.filter(
    (alert: { rule: string; practitionerId: string }) =>
      alert.rule === 'RECORD_LIMIT' && alert.practitionerId === practitionerId,
  );
}

describe('who opens one child after the other under aliases', () => {
  const ask = (ids: readonly string[], fields?: string) =>
    system.ask('mash-screener', { query: aliased(ids, fields), purpose: 'S47' });

  test('is shown as many as the limit, the same ones as often as needed', async () => {
    for (let again = 0; again < 3; again++) {
      const answer = await ask(children.slice(0, 3));
      expect(answer.body.data.c2.id).toBe(children[2]);
    }
  });

  test('is shown nothing of an operation that goes past it, without fields too', async () => {
    const answer = await ask(children.slice(0, 4), '__typename');
    expectRefused(answer, 'recordsPerHour');
    for (const id of children) expect(answer.text).not.toContain(id);
  });

  test('is then shown no child at all, and not asked for by any agency', async () => {
    const before = await journaled();
    expectRefused(await ask(children.slice(0, 1)), 'recordsPerHour');
    expectRefused(await ask(NOBODIES.slice(0, 1)), 'recordsPerHour');
    expect(await journaled()).toEqual(before);
  });

  test('still does what touches no child', async () => {
    const answer = await system.ask('mash-screener', { query: '{ me { id } }' });
    expect(answer.body.data.me.id).toBe('p-mash-screener');
  });

  test('raises one alert, which an auditor sees and which names no child', async () => {
    const alerts = await alertsOf('p-mash-screener');
    expect(alerts).toEqual([
      {
        rule: 'RECORD_LIMIT',
        practitionerId: 'p-mash-screener',
        note: expect.any(String),
        events: [{ outcome: 'REFUSED' }],
      },
    ]);
    for (const id of children) expect(JSON.stringify(alerts)).not.toContain(id);
  });

  test('gets in nobody else’s way', async () => {
    const police = { query: aliased(children.slice(0, 5)), purpose: 'S47' };
    expect((await system.ask('police-child-abuse', police)).status).toBe(200);
    expect(await alertsOf('p-police-child-abuse')).toEqual([]);
  });
});

test('a caseload counts every child of the page, and a mutation is refused before it runs', async () => {
  const caseload = await system.ask('social-worker', {
    query: CASELOAD,
    variables: { first: 20 },
    purpose: 'S47',
  });
  expectRefused(caseload, 'recordsPerHour');
  expect(caseload.text).not.toContain(system.scenarios.joined);

  const variables = { id: system.scenarios.joined, reason: 'Violence in the household' };
  expectRefused(
    await system.ask('social-worker', { query: SHIELD, variables, purpose: 'S47' }),
    'recordsPerHour',
  );
  expect(await directory`select from shield where child_id = ${variables.id}`).toHaveLength(0);
});

test('operations sent side by side cannot together pass the limit', async () => {
  const answers = await Promise.all(
    children.map((id) => system.ask('identity-steward', { query: aliased([id]), purpose: 'MATCH' })),
  );
  const shown = answers.filter(({ status }) => status === 200);
  expect(shown.length).toBeLessThanOrEqual(2);
  expect(answers.map(({ status }) => status).filter((status) => status !== 200)).toEqual(
    Array.from({ length: answers.length - shown.length }, () => 429),
  );
});

test('a shielded child counts as an empty one does', async () => {
  // The first child is the limit: whichever comes second is refused in the same words.
  const ask = (id: string) => system.ask('general-practitioner', { query: aliased([id]), purpose: 'DC' });
  expect((await ask(system.scenarios.shielded)).status).toBe(200);
  expect((await ask(system.scenarios.shielded)).status).toBe(200);
  expectRefused(await ask(system.scenarios.empty), 'recordsPerHour');
});

describe('misses', () => {
  test('are searches that find nobody, and the same search once', async () => {
    const find = (familyName: string) =>
      system.ask('safeguarding-lead', {
        query: FIND,
        variables: { criteria: { familyName, givenName: 'Qqxz', dateOfBirth: '2014-02-03' } },
        purpose: 'ED',
      });
    for (const name of ['Zzyxw', 'Zzyxw', 'Zzyxv']) expect((await find(name)).status).toBe(200);
    expectRefused(await find('Zzyxu'), 'missesPerHour');
    expect(await alertsOf('p-safeguarding-lead')).toMatchObject([{ rule: 'RECORD_LIMIT' }]);
  });

  test('are numbers of nobody and of unrelated children alike, to a role that may not search', async () => {
    const ask = (id: string) => system.ask('teacher', { query: aliased([id]), purpose: 'ED' });
    const byNumber = await system.ask('teacher', {
      query: BY_IDENTIFIER,
      variables: { system: 'CONTACTPOINT', value: system.scenarios.unrelated },
      purpose: 'ED',
    });
    expect(byNumber.status).toBe(200);
    expect((await ask(NOBODIES[0] as string)).status).toBe(200);
    expectRefused(await ask(system.scenarios.unrelated), 'missesPerHour');
    expectRefused(await ask(NOBODIES[1] as string), 'missesPerHour');
  });
});
