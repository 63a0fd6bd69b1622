import { join } from 'node:path';
import { startCluster } from '@contactpoint/scripts/postgres/embedded-postgres';
import postgres from 'postgres';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLeaves, receiptOf } from '../access/access-log.ts';
import { VIEW } from '../access/operations/joined-view.ts';
import { codeOf } from '../access/reasons.ts';
import { type Answer, startTestSystem, type TestSystem } from '../running-system.ts';
import { auditOwnerUrl } from './audit-owner.ts';
import { startLoad } from './load.ts';
import { serverProcesses } from './server-processes.ts';

/** Milliseconds: the log's own deadline of 2 s, and as much again for a busy machine. */
const WITHIN = 4_000;

let system: TestSystem;
/** Receipts of everything that was ever answered. */
const receipts: string[] = [];

beforeAll(async () => {
  system = await startTestSystem();
});

afterAll(async () => {
  await system?.remove();
});

const RECORD = /* GraphQL */ `
  mutation Record($input: RecordInvolvementInput!) { recordInvolvement(input: $input) { id familyName } }
`;

const view = () =>
  system.ask('social-worker', { query: VIEW, variables: { id: system.scenarios.joined }, purpose: 'S47' });
const record = (service: string) =>
  system.ask('social-worker', {
    query: RECORD,
    variables: { input: { childId: system.scenarios.unrelated, service, from: '2025-01-06' } },
    purpose: 'S47',
  });

describe('with the audit database', () => {
  test('there, an operation is answered and a mutation done', async () => {
    expectData(await view());
    expectData(await record('On record'));
    expect(await involvements('On record')).toBe(1);
    expect(await readiness()).toEqual({ status: 200, missing: [] });
  });

  test('told to lose what it acknowledged, nothing is answered from the next look on, until it is told otherwise', async () => {
    const today = `leaf_${new Date().toISOString().slice(0, 10).replaceAll('-', '')}`;
    const owner = postgres(auditOwnerUrl(system), { max: 1 });
    await owner`alter table ${owner(today)} set unlogged`;
    try {
      await expect.poll(readiness, { timeout: 10_000 }).toEqual({ status: 503, missing: ['audit'] });
      await expectUnavailable(view);
      await expectUnavailable(() => record('While it would be lost'));
      expect(await involvements('While it would be lost')).toBe(0);
    } finally {
      await owner`alter table ${owner(today)} set logged`;
      await owner.end();
    }
    await untilReady();
    expectData(await view());
  });

  test('stopped, the same operation has no data, nothing is done, and the gateway says what it lacks', async () => {
    await system.clusters.embedded.audit?.stop();
    await expectUnavailable(view);
    await expectUnavailable(() => record('While stopped'));
    await expectUnavailable(() =>
      system.ask('auditor', { query: '{ accessEvents(filter: {}) { hasNextPage } }' }),
    );
    expect(await involvements('While stopped')).toBe(0);
    await untilUnready();
  });

  test('back, everything works again without a restart of anything else', async () => {
    const gateway = system.services.get('gateway')?.pid;
    await startCluster({ folder: join(system.data, 'audit-postgres'), port: system.ports.auditDatabase });
    await untilReady();
    expectData(await view());
    expectData(await record('Since it is back'));
    expect(await involvements('Since it is back')).toBe(1);
    expect(system.services.get('gateway')?.pid).toBe(gateway);
    expect(() => process.kill(gateway ?? 0, 0)).not.toThrow();
  });

  test('hanging, many operations at once are refused within the deadline, and nothing is done', async () => {
    const stopped = serverProcesses(join(system.data, 'audit-postgres', 'data'));
    expect(stopped.length).toBeGreaterThan(3);
    for (const pid of stopped) process.kill(pid, 'SIGSTOP');
    try {
      await Promise.all([
        ...Array.from({ length: 10 }, () => expectUnavailable(view)),
        expectUnavailable(() => record('While hanging')),
      ]);
      expect(await involvements('While hanging')).toBe(0);
      await untilUnready();
      await expectUnavailable(view);
    } finally {
      for (const pid of stopped) process.kill(pid, 'SIGCONT');
    }
    await untilReady();
    expectData(await view());
    expect(await involvements('While hanging')).toBe(0);
  });

  test('gone and back twice, every answer that was given is in a log without gaps', async () => {
    await expectOnRecord(receipts);
  });
});

describe('a gateway', () => {
  test('killed under load has on record every answer that anybody received', async () => {
    const load = await startLoad(system, 50);
    await expect.poll(() => load.replies.length, { timeout: 20_000 }).toBeGreaterThan(150);
    system.services.get('gateway')?.kill('SIGKILL');
    await system.services.get('gateway')?.ended;
    await load.end();
    await system.restart('gateway');

    expect(load.broken).toBeGreaterThan(0);
    expect(load.replies.every(({ status }) => status === 200)).toBe(true);
    await expectOnRecord(load.replies.map(({ receipt }) => receipt ?? ''));
    expectData(await view());
  });

  test('told to stop under load answers all that it accepted, and records what it only counted', async () => {
    const origin = receiptOf(await view()).origin;
    const strangers = 23;
    for (let turn = 0; turn < strangers; turn++) await askAsStranger();
    const before = new Set((await readLeaves(system)).map(({ origin: of, index }) => `${of} ${index}`));

    const load = await startLoad(system, 50);
    await expect.poll(() => load.replies.length, { timeout: 20_000 }).toBeGreaterThan(150);
    const stopped = system.services.get('gateway')?.stop();
    const code = await system.services.get('gateway')?.ended;
    await Promise.all([stopped, load.end()]);
    expect(code).toBe(0);

    const leaves = (await readLeaves(system)).filter(({ origin: of }) => of === origin);
    const ours = leaves.filter(({ event }) => event.operation?.name === 'UnderLoad');
    const answered = load.replies.map(({ receipt }) => receipt);
    // Neither an answer without its event, nor an event whose answer never arrived.
    expect(answered.sort()).toEqual(ours.map(({ index }) => `${origin} ${index}`).sort());
    expect(load.replies.every(({ status, body }) => status === 200 && body.data != null)).toBe(true);
    expect(ours.some(({ index }) => before.has(`${origin} ${index}`))).toBe(false);

    const counted = leaves.flatMap(({ event }) => event.refusals?.count ?? []);
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(strangers);
    await expectOnRecord(load.replies.map(({ receipt }) => receipt ?? ''));
    await system.restart('gateway');
  });
});

function expectData(answer: Answer): void {
  expect(answer.status, answer.text).toBe(200);
  expect(Object.values(answer.body.data)).not.toContain(null);
  const { origin, index } = receiptOf(answer);
  receipts.push(`${origin} ${index}`);
}

async function expectUnavailable(ask: () => Promise<Answer>): Promise<void> {
  const begun = performance.now();
  const answer = await ask();
  expect(performance.now() - begun).toBeLessThan(WITHIN);
  expect(answer.status).toBe(503);
  expect(codeOf(answer)).toBe('AUDIT_UNAVAILABLE');
  expect(answer.body).toEqual({ errors: [expect.anything()] });
  expect(answer.headers).not.toHaveProperty('access-log');
}

/** Each receipt names a leaf, and no log has a gap. */
async function expectOnRecord(given: readonly string[]): Promise<void> {
  const leaves = await readLeaves(system);
  const kept = new Set(leaves.map(({ origin, index }) => `${origin} ${index}`));
  expect(given.length).toBeGreaterThan(0);
  expect(given.filter((receipt) => !kept.has(receipt))).toEqual([]);
  expect(new Set(given).size).toBe(given.length);
  for (const indexes of Map.groupBy(leaves, ({ origin }) => origin).values()) {
    const sorted = indexes.map(({ index }) => Number(index)).sort((a, b) => a - b);
    expect(sorted).toEqual(sorted.map((_index, place) => place));
  }
}

async function involvements(service: string): Promise<number> {
  const sql = postgres(system.databases.directory, { max: 1 });
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int from involvement where service = ${service} and child_id = ${system.scenarios.unrelated}`;
  await sql.end();
  return row?.count ?? 0;
}

async function readiness(): Promise<{ readonly status: number; readonly missing: readonly string[] }> {
  const { statusCode, body } = await request(`${system.urls.gateway}/ready`);
  const { missing } = (await body.json()) as { readonly missing: readonly string[] };
  return { status: statusCode, missing };
}

async function untilReady(): Promise<void> {
  await expect.poll(readiness, { timeout: 20_000 }).toEqual({ status: 200, missing: [] });
}

async function untilUnready(): Promise<void> {
  const expected = { status: 503, missing: expect.arrayContaining(['audit']) };
  await expect.poll(readiness, { timeout: 20_000 }).toEqual(expected);
}

async function askAsStranger(): Promise<void> {
  const { statusCode, body } = await request(`${system.urls.gateway}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer forged' },
    body: JSON.stringify({ query: '{ __typename }' }),
  });
  await body.dump();
  expect(statusCode).toBe(401);
}
