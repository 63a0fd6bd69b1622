import { readFileSync } from 'node:fs';
import { openPostgresLog } from '@contactpoint/audit-log/postgres-log';
import { connect, type Store } from '@contactpoint/subgraph-kit/store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CHILD, record, startOversight, type TestOversight } from '../testing/oversight.ts';
import { forgetEvents } from './forget-events.ts';
import { Projection } from './projection.ts';

let oversight: TestOversight;
let audit: Store;
let store: Store;
let projection: Projection;

beforeEach(async () => {
  oversight = await startOversight();
  store = oversight.subgraph.store;
  audit = connect(oversight.database.readerUrl, { max: 2 });
  projection = new Projection({ store, audit, clock: () => new Date('2026-11-24T10:15:00.000Z') });
  const other = await openPostgresLog({
    url: oversight.database.writerUrl,
    origin: 'contactpoint.test/gateway-2/00',
    allowUnsafeServer: true,
  });
  await record(other);
  await other.close();
  for (const practitioner of ['p-1', 'p-2', 'p-3']) await oversight.record({ practitioner });
  // An event of several parts, of which the first alone makes its row.
  await oversight.record({
    subjects: Array.from({ length: 3_000 }, () => ({
      child: CHILD,
      released: ['Child.familyName', 'Child.givenNames', 'Child.addresses'],
      withheld: [],
      policies: ['social-worker-s47'],
    })),
  });
  await projection.catchUp();
});
afterEach(async () => {
  await audit.end();
  await oversight[Symbol.asyncDispose]();
});

async function rows() {
  return {
    events: await store`select * from access_event order by origin, index`,
    subjects: await store`select * from access_subject order by origin, index, place`,
    cursors: await store`select * from log_cursor order by origin`,
  };
}

const altered = () =>
  store<{ note: string }[]>`select note from alert where rule = 'ROWS_ALTERED' order by id`;

describe('rows that were taken away behind the projection’s back', () => {
  test.each([
    ['all of them', 'truncate access_event, access_subject'],
    ['those of children', 'truncate access_subject'],
    ['those of events', 'delete from access_event'],
  ])('are made again before a question is answered, and told to auditors: %s', async (_which, taken) => {
    const before = await rows();
    await store.unsafe(taken);
    const { data } = await oversight.ask(
      '{ accessEvents(filter: { practitionerId: "p-2" }) { events { subjects { childId } } } }',
    );
    expect(data.accessEvents.events).toEqual([{ subjects: [{ childId: CHILD }] }]);
    expect(await rows()).toEqual(before);
    const { data: told } = await oversight.ask(
      '{ alerts { alerts { rule practitionerId note events { index } } } }',
    );
    const alerts = (told.alerts.alerts as { readonly rule: string }[]).filter(
      ({ rule }) => rule === 'ROWS_ALTERED',
    );
    expect(alerts).toEqual([
      {
        rule: 'ROWS_ALTERED',
        practitionerId: null,
        note: expect.stringContaining(oversight.log.origin),
        events: [],
      },
    ]);
  });

  test.each([
    ['one event’s', "delete from access_event where practitioner_id = 'p-2'"],
    ['those of one event’s children', 'delete from access_subject where index = 1'],
  ])('are noticed by their number, when it is counted: %s', async (_which, taken) => {
    const before = await rows();
    expect(await altered()).toEqual([]);
    await projection.lookThrough();
    expect(await altered()).toEqual([]);
    await store.unsafe(taken);
    await projection.catchUp();
    expect(await rows()).not.toEqual(before);
    await projection.lookThrough();
    await projection.catchUp();
    expect(await rows()).toEqual(before);
    const [{ note } = { note: '' }] = await altered();
    expect(note).toMatch(/^\S+: \d events of 4, \d children of 4$/);
    expect(note).toContain(oversight.log.origin);
    await projection.lookThrough();
    expect(await altered()).toHaveLength(1);
  });

  test('stay as they are, and are told of, where the log does not hold any more what the others tell', async () => {
    const owner = connect(oversight.database.ownerUrl, { max: 1 });
    await owner.unsafe("set session_replication_role = 'replica'; delete from leaf where index = 2");
    await owner.end();
    await store`delete from access_event where origin = ${oversight.log.origin} and index = 0`;
    const before = await rows();
    await projection.lookThrough();
    await projection.catchUp();
    expect(await rows()).toEqual(before);
    expect(await altered()).toHaveLength(1);
  });

  test('are none where a pruning or a rebuild took them', async () => {
    await forgetEvents(store, oversight.log.origin, [0n, 2n, 7_000n]);
    await projection.lookThrough();
    expect((await rows()).events).toHaveLength(3);
    await projection.rebuild();
    await projection.lookThrough();
    expect((await rows()).events).toHaveLength(5);
    await forgetEvents(store, 'contactpoint.test/gateway-2/00', [0n]);
    await forgetEvents(store, oversight.log.origin, [0n, 1n, 2n, 3n]);
    await projection.catchUp();
    expect((await rows()).events).toEqual([]);
    expect(await altered()).toEqual([]);
  });

  test('are none where they were made before rows were counted', async () => {
    await store`update log_cursor set events = 0, subjects = 0`;
    const migration = readFileSync(
      new URL('../../migrations/0017-counted-rows.sql', import.meta.url),
      'utf8',
    );
    const counting = migration.split(/;\n/).filter((statement) => statement.startsWith('update'));
    for (const statement of counting) await store.unsafe(statement);
    await projection.lookThrough();
    expect(await altered()).toEqual([]);
  });

  test('are made again where a cursor was, so that each event was brought twice', async () => {
    const before = await rows();
    await store`delete from log_cursor`;
    await projection.catchUp();
    expect(await rows()).not.toEqual(before);
    await projection.lookThrough();
    await projection.catchUp();
    expect(await rows()).toEqual(before);
    expect(await altered()).toHaveLength(1);
  });

  test('that were put in tell of what the log does not hold, and are evidence as well', async () => {
    await store`
      insert into access_event (origin, index, evt, kind, at, instance, override, outcome, parts, parts_seen, jtis)
      values (${oversight.log.origin}, 900, 'invented', 'access', now(), 'gateway-1', false, 'RELEASED', 1, 1, '{}')`;
    const before = await rows();
    await projection.lookThrough();
    await projection.catchUp();
    expect(await rows()).toEqual(before);
    const [{ note } = { note: '' }] = await altered();
    expect(note).toContain('5 events of 4');
  });
});
