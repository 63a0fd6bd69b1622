import { randomUUID } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventDigest, type GrantClaims } from '@contactpoint/access/grant';
import { mergeIdentities } from '@contactpoint/directory/merge-identities';
import { startCluster } from '@contactpoint/scripts/postgres/embedded-postgres';
import { readAndReconcile } from '@contactpoint/scripts/reconcile/read-and-reconcile';
import { connect } from '@contactpoint/subgraph-kit/store';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { leafOf, readLeaves, receiptOf } from '../access/access-log.ts';
import { CASELOAD, FIND, PLACE, RECORD } from '../access/operations/doors.ts';
import { EVERYTHING, operationFor } from '../access/operations/health-entities.ts';
import { VIEW } from '../access/operations/joined-view.ts';
import { grantKeyOf, post, sign } from '../access/straight-requests.ts';
import { startTestSystem, type TestSystem } from '../running-system.ts';
import { startLoad } from './load.ts';
import { reconciled, runReconcile, runReconcileIn } from './reconcile-command.ts';

/** Milliseconds for one situation on a busy machine: commands and restarts take their time. */
const PATIENT = 120_000;

let system: TestSystem;
/** Entries and events from then on. */
let since: string;

beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(async () => {
  await system?.remove();
});
beforeEach(() => {
  since = new Date().toISOString();
});

const view = (persona: string, purpose: string, id: string) =>
  system.ask(persona, { query: VIEW, variables: { id }, purpose });

/** A request straight at health, with the secret that its gateway shares with it. */
async function goPast(claims: Partial<GrantClaims>, ...children: string[]): Promise<void> {
  const operation = operationFor(...children);
  const granted = Object.fromEntries(children.map((child) => [child, EVERYTHING]));
  const accessGrant = await sign(grantKeyOf(system, 'health'), operation, { children: granted, ...claims });
  const answer = await post(system, 'health', '/graphql', { ...operation, extensions: { accessGrant } });
  expect(answer.body.data._entities[0]).not.toBeNull();
}

/** Moves the entries of a grant's journal, as though they had been made then. */
async function backdate(subgraph: 'health', jti: string, seconds: number): Promise<void> {
  const sql = postgres(system.databases[subgraph], { max: 1 });
  await sql`update access_journal set at = at - make_interval(secs => ${seconds}) where jti = ${jti}`;
  await sql.end();
}

describe('journals and log', { timeout: PATIENT }, () => {
  test('agree after everything that a system is asked, and what nobody answered is counted', async () => {
    const { joined, shielded, sensitive, unrelated, empty } = system.scenarios;
    for (const child of [joined, shielded, sensitive, empty]) {
      await view('social-worker', 'S47', child);
      await view('general-practitioner', 'DC', child);
      await view('teacher', 'ED', child);
    }
    await system.ask('general-practitioner', { query: PLACE, variables: { id: shielded }, purpose: 'DC' });
    await view('teacher', 'ED', unrelated);
    await view('lapsed-training', 'S47', joined);
    await view('auditor', 'AUD', joined);
    const broken = { 'access-override': 'break-glass' };
    const reason = 'Child found alone, no carer can be reached';
    await system.ask('emergency-clinician', {
      ...{ query: VIEW, variables: { id: sensitive }, purpose: 'EC', reason, headers: broken },
    });
    await system.ask('social-worker', {
      query: VIEW,
      variables: { id: joined },
      purpose: 'S47',
      headers: { 'on-behalf-of': await system.token('safeguarding-lead') },
    });
    const criteria = { familyName: 'Smith', dateOfBirth: '2015-03-04' };
    await system.ask('social-worker', { query: FIND, variables: { criteria, first: 5 }, purpose: 'S47' });
    await system.ask('social-worker', { query: CASELOAD, variables: { first: 20 }, purpose: 'S47' });
    const input = { childId: unrelated, service: 'School nursing', from: '2026-11-01' };
    await system.ask('school-nurse', { query: RECORD, variables: { input }, purpose: 'DC' });
    await system.ask('auditor', { query: '{ accessEvents(filter: {}) { hasNextPage } }' });
    await system.ask('teacher', { query: '{ school(urn: "900001") { name } me { id } }' });
    await system.services.get('education')?.stop();
    await view('social-worker', 'S47', joined);
    await system.restart('education');

    const { code, found } = await reconciled(system.data);
    expect(found.findings).toEqual([]);
    expect(found.silent).toEqual([]);
    expect(code).toBe(0);
    expect(Object.keys(found.subgraphs)).toHaveLength(6);
    expect(found.unjournaled).toBeGreaterThan(0);
    expect(found.unjournaledGrants).toHaveLength(found.unjournaled);
    expect(found.subgraphs['health']?.decoys).toBeGreaterThan(0);
    const { stdout } = await runReconcile(system.data);
    expect(stdout).toContain('Nothing was shown past the log.');
  });

  test('agree on a child who had two numbers, whichever of them is asked for', async () => {
    const { unrelated, joined } = system.scenarios;
    const directory = connect(system.databases.directory, { max: 1 });
    const reason = 'Both were seen with the same passport';
    await mergeIdentities(directory, {
      from: unrelated,
      into: joined,
      by: 'p-steward',
      reason,
      at: new Date(),
    });
    await directory.end();
    for (const child of [unrelated, joined])
      expect((await view('social-worker', 'S47', child)).status).toBe(200);
    const { code, found } = await reconciled(system.data, '--since', since);
    expect(found.findings).toEqual([]);
    expect(code).toBe(0);
  });

  test('do not agree when somebody who stole an agency’s secret asks it straight', async () => {
    const { joined, sensitive } = system.scenarios;
    await goPast({ sub: 'p-nobody', evt: 'f'.repeat(64) }, sensitive, joined);
    const { code, found } = await reconciled(system.data, '--since', since);
    expect(code).toBe(1);
    expect(found.counts).toMatchObject({ BYPASS: 1, UNNAMED_CHILD: 0 });
    expect(found.findings).toMatchObject([{ kind: 'BYPASS', subgraph: 'health', practitioner: 'p-nobody' }]);
    expect(new Set(found.findings[0]?.children)).toEqual(new Set([sensitive, joined]));
    const { stdout } = await runReconcile(system.data, '--since', since);
    expect(stdout).toContain('BYPASS: 1 request');
    expect(stdout).not.toContain('Nothing was shown past the log.');
  });

  test('do not agree when the forged grant names the running gateway', async () => {
    const iss = receiptOf(await view('auditor', 'AUD', system.scenarios.joined)).origin;
    const jti = randomUUID();
    await goPast({ iss, jti }, system.scenarios.sensitive);
    // What the gateway has compared for alerts meanwhile gets its event in a moment.
    const settled = { timeout: 10_000, interval: 500 };
    await expect.poll(later, settled).toMatchObject({ counts: { BYPASS: 1 }, findings: [{ jti, iss }] });
    // Only what is younger than a minute may still get its event.
    const { counts, explained } = (await reconciled(system.data, '--since', since)).found;
    expect(counts.BYPASS).toBe(0);
    expect(explained.underWay).toBeGreaterThan(0);
  });

  test.each([
    ['for another child', 'UNNAMED_CHILD', {}, () => [system.scenarios.sensitive]],
    ['for another practitioner', 'OTHER_PRACTITIONER', { sub: 'p-teacher' }, () => [system.scenarios.joined]],
    ['for the same child again', 'REUSED_GRANT', {}, () => [system.scenarios.joined]],
    ['for more of the child', 'BEYOND_RELEASE', {}, () => [system.scenarios.joined]],
  ] as const)(
    'do not agree when the forged grant repeats a sound one %s',
    async (_case, kind, claims, children) => {
      const answer = await system.ask('social-worker', {
        ...{
          query: '{ child(id: "%") { registeredPractice { odsCode } } }'.replace(
            '%',
            system.scenarios.joined,
          ),
        },
        purpose: 'S47',
      });
      const { event, origin } = await leafOf(system, answer);
      const evt = eventDigest(Buffer.from(event.nonce, 'hex'));
      const [jti] = await journaledBy('health', evt);
      await goPast({ iss: origin, evt, jti: jti ?? '', ...claims }, ...children());
      const { code, found } = await reconciled(system.data, '--since', since);
      expect(code).toBe(1);
      expect(found.counts[kind]).toBeGreaterThan(0);
      expect(found.findings.every((finding) => finding.jti === jti && finding.subgraph === 'health')).toBe(
        true,
      );
    },
  );

  test('say by how much an agency’s clock is wrong', async () => {
    const answer = await view('general-practitioner', 'DC', system.scenarios.joined);
    const { event } = await leafOf(system, answer);
    const sql = postgres(system.databases.health, { max: 1 });
    await sql`
      update access_journal set at = at + interval '8 seconds'
      where evt = ${eventDigest(Buffer.from(event.nonce, 'hex'))}`;
    await sql.end();
    const { code, stdout } = await runReconcile(system.data, '--since', since);
    expect(stdout).toMatch(/health +clock at least [78]\.\d s ahead of the gateway's: WARNING/);
    expect(code).toBe(0);
  });
});

describe('that the log is read is on record', { timeout: PATIENT }, () => {
  const comparisons = async () =>
    (await readLeaves(system)).filter(({ event }) => event.operation?.name === 'AuditReconcile');

  test('with who compares and why, or the account where nobody says', async () => {
    const reason = 'Monthly comparison with health';
    const said = ['--practitioner', 'p-auditor', '--reason', reason];
    const { stderr } = await runReconcile(system.data, '--since', since, ...said);
    await runReconcile(system.data, '--since', since);
    const events = (await comparisons()).filter(({ event }) => event.at >= since);
    expect(events.map(({ event }) => event.client)).toEqual(['npm run reconcile', 'npm run reconcile']);
    const named = events.find(({ event }) => event.practitioner === 'p-auditor');
    expect(named?.event).toMatchObject({ purpose: 'AUD', reason, outcome: 'RELEASED' });
    expect(stderr).toContain(`on record as ${named?.origin} ${named?.index}`);
    expect(events.some(({ event }) => event.practitioner?.startsWith('account:'))).toBe(true);
  });

  test('or nothing is read', async () => {
    const url = new URL(system.clusters.audit.writerUrl);
    url.port = '1';
    const settings = { AUDIT_WRITER_DATABASE_URL: url.href };
    const { code, stdout, stderr } = await runReconcileIn(settings, system.data);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('so nothing was read');
    expect(stderr).not.toContain(url.password);
  });

  test('and a journal that is only taken out needs no log', async () => {
    const before = (await comparisons()).length;
    const file = join(system.data, 'taken-out.ndjson');
    const settings = { AUDIT_WRITER_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' };
    const args = ['--subgraph', 'health', '--export-journal', file];
    expect((await runReconcileIn(settings, system.data, ...args)).code).toBe(0);
    expect(await comparisons()).toHaveLength(before);
  });
});

describe('the journal of an agency with a database of its own', { timeout: PATIENT }, () => {
  const fileOf = (name: string) => join(system.data, name);
  const SUBGRAPH = ['--subgraph', 'health'] as const;

  test('is read from a file as from the database', async () => {
    const file = fileOf('health.ndjson');
    expect((await runReconcile(system.data, ...SUBGRAPH, '--export-journal', file)).code).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const [inFile, inDatabase] = await Promise.all([
      reconciled(system.data, ...SUBGRAPH, '--journal', file),
      reconciled(system.data, ...SUBGRAPH),
    ]);
    expect(inFile.found).toEqual(inDatabase.found);
    expect(inFile.found.subgraphs['health']?.requests).toBeGreaterThan(5);
    expect(inFile.code).toBe(1);
  });

  test.each([
    ['cut off', (lines: string[]) => lines.slice(0, -2), 'is not whole'],
    ['cut in the middle', (lines: string[]) => [...lines.slice(0, 2), ...lines.slice(4)], 'is not whole'],
    [
      'out of order',
      (lines: string[]) => [lines[0], ...lines.slice(1, -2).reverse(), ...lines.slice(-2)],
      'order',
    ],
    ['without its first line', (lines: string[]) => lines.slice(1), ':1 is not the first line'],
    ['of something else', () => ['nothing of the kind'], ':1 is not JSON'],
    ['not there', () => undefined, 'cannot be read'],
  ] as const)('is not read when the file is %s', async (name, change, problem) => {
    const whole = readFileSync(fileOf('health.ndjson'), 'utf8').split('\n');
    const changed = change(whole);
    const file = fileOf(`${name}.ndjson`);
    if (changed !== undefined) writeFileSync(file, changed.join('\n'));
    const { code, stderr, stdout } = await runReconcile(system.data, ...SUBGRAPH, '--journal', file);
    expect(stderr).toContain(problem);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  test.each([
    [['--journal', 'x']],
    [['--subgraph', 'housing']],
    [['--databases', '/nowhere.json']],
    [['--since', 'yesterday']],
  ])('or any other is not guessed at: %s', async (args) => {
    const { code, stdout } = await runReconcile(system.data, ...args);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

describe('requests that lost their event', { timeout: PATIENT }, () => {
  test('because the log was out of reach are told from bypasses', async () => {
    await system.clusters.embedded.audit?.stop();
    const { status } = await view('social-worker', 'S47', system.scenarios.joined);
    expect(status).toBe(503);
    await startCluster({ folder: join(system.data, 'audit-postgres'), port: system.ports.auditDatabase });
    await expect
      .poll(async () => (await view('social-worker', 'S47', system.scenarios.joined)).status, {
        timeout: 60_000,
      })
      .toBe(200);
    const found = await later();
    expect(found.counts.BYPASS).toBe(0);
    expect(found.explained.bootEnded).toBe(0);
  });

  test('because the gateway was killed are told from bypasses', async () => {
    // A kill may meet the one moment at which nothing waits for its event.
    let origin = '';
    let bootEnded = 0;
    for (let kills = 0; kills < 5 && bootEnded === 0; kills++) {
      const load = await startLoad(system, 50);
      await expect.poll(() => load.replies.length, { timeout: 60_000 }).toBeGreaterThan(150);
      origin = receiptOf({ headers: { 'access-log': load.replies[0]?.receipt } } as never).origin;
      system.services.get('gateway')?.kill('SIGKILL');
      await system.services.get('gateway')?.ended;
      await load.end();
      await system.restart('gateway');
      const { counts, explained } = await later();
      expect(counts.BYPASS).toBe(0);
      bootEnded = explained.bootEnded;
    }
    expect(bootEnded).toBeGreaterThan(0);
    const { explainedRequests } = await later();
    const named = explainedRequests.filter(({ why }) => why === 'BOOT_ENDED');
    expect(named).toHaveLength(bootEnded);
    expect(named.every((request) => request.origin === origin && Number(request.after) > 0)).toBe(true);

    // Long after the boot had ended, in its name: nothing was under way then.
    const jti = randomUUID();
    await goPast({ iss: origin, jti }, system.scenarios.sensitive);
    await backdate('health', jti, -100);
    expect((await later()).counts.BYPASS).toBeGreaterThan(0);
  });
});

/** As the command would find it a few minutes from now, when nothing is under way any more. */
async function later() {
  const readAt = new Date(Date.now() + 300_000);
  return await readAndReconcile({ data: system.data, since: new Date(since) }, {}, readAt);
}

/** Grants of one event, as an agency has them in its journal. */
async function journaledBy(subgraph: 'health', evt: string): Promise<string[]> {
  const sql = postgres(system.databases[subgraph], { max: 1 });
  const rows = await sql<{ jti: string }[]>`select distinct jti from access_journal where evt = ${evt}`;
  await sql.end();
  return rows.map(({ jti }) => jti);
}
