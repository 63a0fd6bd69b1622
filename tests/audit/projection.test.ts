import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Service, startService } from '@contactpoint/scripts/system/service';
import { connect, type Store } from '@contactpoint/subgraph-kit/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLeaves } from '../access/access-log.ts';
import { VIEW } from '../access/operations/joined-view.ts';
import { breakingGlass, SEALED_VIEW } from '../access/override-windows.ts';
import { freePort } from '../free-port.ts';
import { startTestSystem, type TestSystem } from '../running-system.ts';
import { runAudit } from './audit-command.ts';
import { auditorOf } from './auditor.ts';
import { startLoad } from './load.ts';

const ROUNDS = process.env['NIGHTLY'] === undefined ? 3 : 30;

let system: TestSystem;
let oversight: Store;

beforeAll(async () => {
  system = await startTestSystem();
  oversight = connect(system.databases.oversight, { max: 1 });
});
afterAll(async () => {
  await oversight?.end();
  await system?.remove();
});

/** Every row that is made from the log, and where the projection stands. */
async function rows() {
  return {
    events: await oversight`select * from access_event order by origin, index`,
    subjects: await oversight`select * from access_subject order by origin, index, place`,
    prunings: await oversight`select * from pruning order by origin, index`,
    cursors: await oversight`select * from log_cursor order by origin`,
  };
}

/** What is no row of the log: alerts, reviews and holds. */
async function written() {
  return {
    alerts: await oversight`select id, rule, practitioner_id, origin, index from alert order by id`,
    reviews: await oversight`select * from override_review order by origin, index`,
    holds: await oversight`select * from lawful_hold order by id`,
  };
}

/** Asked through the gateway: it waits for the rows to reach the log's end. */
const caughtUp = async () =>
  expect
    .poll(
      async () =>
        (await system.ask('auditor', { query: '{ alerts(first: 1) { hasNextPage } }' })).body.errors,
      { timeout: 20_000, interval: 200 },
    )
    .toBeUndefined();

/** Another process of oversight on the same database. */
async function startAnother(): Promise<Service> {
  const port = await freePort();
  const another = startService({
    name: 'oversight-2',
    module: new URL('../../subgraphs/oversight/src/main.ts', import.meta.url),
    environment: {
      PORT: String(port),
      DATABASE_URL: system.databases.oversight,
      GRANT_KEYS_FILE: join(system.secrets.grantKeys, 'oversight.json'),
      AUDIT_DATABASE_URL: system.clusters.audit.readerUrl,
    },
    logFile: join(system.data, 'logs', 'oversight-2.log'),
    health: `http://127.0.0.1:${port}/health`,
  });
  await another.ready();
  return another;
}

/** Events of the log that are accesses, each by its origin, nonce and kind, and what it says of children. */
async function recorded() {
  const events = new Map<string, Set<string>>();
  for (const { origin, event } of await readLeaves(system)) {
    if (event.kind === 'boot' || event.kind === 'prune') continue;
    const name = `${origin} ${event.nonce} ${event.kind}`;
    const children = events.get(name) ?? new Set();
    events.set(name, children);
    for (const { child } of event.subjects) children.add(child);
  }
  return {
    events: events.size,
    subjects: [...events.values()].reduce((sum, { size }) => sum + size, 0),
  };
}

/** Whoever asked last stands in the log after the answer, and in the rows a moment later. */
async function expectWhole(): Promise<void> {
  const counted = async () => {
    const { events, subjects } = await rows();
    return { events: events.length, subjects: subjects.length };
  };
  const differ = async () => {
    const [made, held] = [await counted(), await recorded()];
    return made.events === held.events && made.subjects === held.subjects ? undefined : { made, held };
  };
  await expect.poll(differ, { timeout: 15_000, interval: 500 }).toBeUndefined();
}

describe('the projection', { timeout: 120_000 + ROUNDS * 30_000 }, () => {
  test('of processes that are killed in the middle of their work holds each event once', async () => {
    const load = await startLoad(system, 8);
    for (let round = 0; round < ROUNDS; round++) {
      const another = await startAnother();
      await sleep(Math.random() * 1_500);
      for (const service of [system.services.get('oversight'), another]) {
        service?.kill('SIGKILL');
        await service?.ended;
      }
      await system.restart('oversight');
    }
    await load.end();
    expect(load.replies.length).toBeGreaterThan(10 * ROUNDS);
    await caughtUp();
    await expectWhole();
    const { events } = await rows();
    expect(events.filter(({ parts, parts_seen }) => parts !== parts_seen)).toEqual([]);
    expect(await oversight`select rule from alert where rule like 'LEAF_%' or rule = 'LOG_GAP'`).toEqual([]);
  });

  test('made again is the same, row for row, and what auditors wrote and alerts stay', async () => {
    const { joined, sensitive } = system.scenarios;
    await system.ask('social-worker', { query: VIEW, variables: { id: joined }, purpose: 'S47' });
    const broken = await breakingGlass(system, 'emergency-clinician', {
      query: SEALED_VIEW,
      variables: { id: sensitive },
    });
    const [, origin, index] = /^(\S+) (\d+)$/.exec(String(broken.headers['access-log'])) ?? [];
    const review = `mutation ($origin: String!, $index: String!) { reviewOverride(
      origin: $origin, index: $index, outcome: JUSTIFIED, note: "Asked the ward about it") { index } }`;
    await system.ask('auditor', { query: review, variables: { origin, index } });
    await auditorOf(system).placeHold(joined);
    await caughtUp();
    await expect.poll(async () => (await written()).alerts.length, { timeout: 10_000 }).toBeGreaterThan(0);
    await system.services.get('oversight')?.stop();
    // What was recorded since the rows were read last, the questions above included.
    expect((await runAudit(system.data, ['rebuild'])).code).toBe(0);
    const before = { rows: await rows(), written: await written() };
    expect(before.written).toMatchObject({ reviews: [expect.anything()], holds: [expect.anything()] });

    const again = await runAudit(system.data, ['rebuild']);
    expect(again).toEqual({ code: 0, stdout: `${before.rows.events.length} events\n`, stderr: '' });
    expect(await rows()).toEqual(before.rows);
    expect(await written()).toEqual(before.written);
    await system.restart('oversight');
    await caughtUp();
  });

  test('is gone on with by whoever is left, where a rebuild is killed', async () => {
    const whole = (await rows()).events.length;
    await system.services.get('oversight')?.stop();
    await oversight`truncate access_event, access_subject, pruning, log_cursor`;
    await system.restart('oversight');
    await caughtUp();
    expect((await rows()).events.length).toBeGreaterThanOrEqual(whole);
    await expectWhole();
  });
});
