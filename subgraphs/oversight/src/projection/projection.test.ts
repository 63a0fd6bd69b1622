import { openPostgresLog } from '@contactpoint/audit-log/postgres-log';
import { forgetLeaves } from '@contactpoint/audit-log/testing/forget-leaves';
import { connect, type Store } from '@contactpoint/subgraph-kit/store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LEAVES_PER_ORIGIN } from '../log/leaf-source.ts';
import { CHILD, record, SIBLING, startOversight, type TestOversight } from '../testing/oversight.ts';
import { Projection } from './projection.ts';

let oversight: TestOversight;
let audit: Store;
let store: Store;

beforeEach(async () => {
  oversight = await startOversight();
  store = oversight.subgraph.store;
  audit = connect(oversight.database.readerUrl, { max: 2 });
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

const several = (count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, n) =>
      oversight.record({
        practitioner: `p-${n}`,
        subjects: [CHILD, SIBLING].map((child) => ({
          child,
          released: ['Child.names'],
          withheld: [],
          policies: [],
        })),
      }),
    ),
  );

describe('projection', () => {
  test('brings more than one reading holds, of every log', async () => {
    const other = await openPostgresLog({
      url: oversight.database.writerUrl,
      origin: 'contactpoint.test/gateway-2/00',
      allowUnsafeServer: true,
    });
    await several(LEAVES_PER_ORIGIN * 2 + 3);
    await record(other, { practitioner: 'p-other' });
    await new Projection({ store, audit }).catchUp();
    const [counts] =
      await store`select count(*)::int as events, count(distinct origin)::int as logs from access_event`;
    expect(counts).toEqual({ events: LEAVES_PER_ORIGIN * 2 + 4, logs: 2 });
    await other.close();
  });

  test('of several processes at once brings each leaf once', async () => {
    await several(300);
    await Promise.all(Array.from({ length: 4 }, () => new Projection({ store, audit }).catchUp()));
    const [counts] = await store`
      select count(*)::int as events, sum(parts_seen)::int as parts, sum(cardinality(released))::int as released
      from access_event join access_subject using (origin, index)`;
    expect(counts).toEqual({ events: 600, parts: 600, released: 600 });
  });

  test('that dies in the middle of a batch leaves nothing half done, and the next one goes on', async () => {
    await several(LEAVES_PER_ORIGIN + 50);
    // The subjects come after the events, in the same transaction: the second batch fails between them.
    await store.unsafe(`
      create function fail() returns trigger language plpgsql as $$ begin
        if (select count(*) from access_event) > ${LEAVES_PER_ORIGIN} then raise exception 'the process died'; end if;
        return new; end $$;
      create trigger fail before insert on access_subject for each row execute function fail()`);
    await expect(new Projection({ store, audit }).catchUp()).rejects.toThrow('the process died');
    const [broken] = await store`select count(*)::int as events from access_event`;
    expect(broken).toEqual({ events: LEAVES_PER_ORIGIN });

    await store.unsafe('drop trigger fail on access_subject');
    await new Projection({ store, audit }).catchUp();
    const resumed = await rows();
    expect(resumed.events).toHaveLength(LEAVES_PER_ORIGIN + 50);
    expect(resumed.subjects).toHaveLength(2 * (LEAVES_PER_ORIGIN + 50));
  });

  test('made again gives the same rows, also while it is being read on', async () => {
    await several(LEAVES_PER_ORIGIN + 50);
    const projection = new Projection({ store, audit });
    await projection.catchUp();
    const before = await rows();
    await Promise.all([
      projection.rebuild(),
      projection.catchUp(),
      new Projection({ store, audit }).catchUp(),
    ]);
    expect(await rows()).toEqual(before);
    expect(await store`select * from alert`).toEqual([]);
  });

  test('joins parts that lie in different readings, with every child once', async () => {
    await several(LEAVES_PER_ORIGIN - 1);
    const subjects = Array.from({ length: 3_000 }, (_, n) => ({
      child: String(n % 2_999).padStart(16, '0'),
      released: ['Child.names'],
      withheld: [],
      policies: [],
    }));
    const receipt = await oversight.record({ practitioner: 'p-parts', subjects });
    await new Projection({ store, audit }).catchUp();
    const [event] = await store`
      select index, parts, parts_seen from access_event where practitioner_id = 'p-parts'`;
    expect(event?.['index']).toBe(String(receipt.index));
    expect(event?.['parts']).toBeGreaterThan(1);
    expect(event?.['parts_seen']).toBe(event?.['parts']);
    const [children] = await store`
      select count(*)::int as n from access_subject where index = ${String(receipt.index)}::bigint`;
    expect(children?.['n']).toBe(2_999);
  });

  test('is not stopped by a leaf that it cannot read or by text that it cannot keep, and alerts of the former', async () => {
    await oversight.log.append(Buffer.from('no event'));
    const at = '2026-11-24T10:15:00.000Z';
    await oversight.record({ at, practitioner: 'p-after', reason: 'nul \u0000 and half \ud800 a pair' });
    const query = `{ alerts { alerts { rule note events { index } } } 
      accessEvents(filter: { practitionerId: "p-after" }) { events { reason } } }`;
    const { data } = await oversight.ask(query);
    expect(data.alerts.alerts).toEqual([
      { rule: 'LEAF_UNREADABLE', note: `${oversight.log.origin} 0`, events: [] },
    ]);
    expect(data.accessEvents.events).toEqual([{ reason: 'nul \ufffd and half \ufffd a pair' }]);
  });

  test.each([
    ['is not in the log any more', 'delete from leaf where index = 2'],
    [
      'is another one now, with its hash',
      `update leaf set (leaf, leaf_hash) = (select leaf, leaf_hash from leaf where index = 0) where index = 1`,
    ],
  ])('is not made again where what it tells of %s, unless regardless', async (_case, change) => {
    await several(3);
    const projection = new Projection({ store, audit });
    await projection.catchUp();
    const before = await rows();
    const owner = connect(oversight.database.ownerUrl, { max: 1 });
    await owner.unsafe(`set session_replication_role = 'replica'; ${change}`);
    await owner.end();
    const index = change.startsWith('delete') ? '2' : '1';
    await expect(projection.rebuild()).rejects.toMatchObject({
      ...{ name: 'RowsContradictedError', count: 1 },
      places: [{ origin: oversight.log.origin, index }],
    });
    expect(await rows()).toEqual(before);
    await projection.rebuild({ regardless: true });
    expect((await rows()).events).toHaveLength(2);
  });

  test('alerts of a leaf that is gone and of one that was changed', async () => {
    await several(3);
    const owner = connect(oversight.database.ownerUrl, { max: 1 });
    await owner.unsafe(`
      set session_replication_role = 'replica';
      alter table leaf drop constraint leaf_hash_of_leaf;
      delete from leaf where index = 1;
      update leaf set leaf = 'changed' where index = 2`);
    await owner.end();
    await new Projection({ store, audit }).catchUp();
    const rules = (await store<{ rule: string }[]>`select rule from alert order by rule`).map(
      ({ rule }) => rule,
    );
    expect(rules).toEqual(['LEAF_HASH_MISMATCH', 'LEAF_UNREADABLE', 'LOG_GAP']);
  });

  test('passes over what was pruned, without alerts', async () => {
    await several(3);
    const owner = connect(oversight.database.ownerUrl, { max: 1 });
    await owner`
      insert into checkpoint (origin, size, root_hash, signed_note)
      values (${oversight.log.origin}, 3, ${Buffer.alloc(32)}, 'note')`;
    await forgetLeaves(owner, oversight.log.origin, [1]);
    await owner.end();
    await new Projection({ store, audit }).catchUp();
    const { events, cursors } = await rows();
    expect(events.map(({ index }) => index)).toEqual(['0', '2']);
    expect(cursors).toMatchObject([{ next_index: '3' }]);
    expect(await store`select rule from alert where rule like 'LEAF_%' or rule = 'LOG_GAP'`).toEqual([]);
  });

  test('a log’s own leaves are no accesses; what was pruned is told to auditors', async () => {
    const bare = { at: '2026-02-03T04:05:06.000Z', subjects: [] };
    await oversight.record({ ...bare, kind: 'boot' });
    const pruned = { origin: 'contactpoint.test/gateway-9/00', count: 7, before: '2020-01-01T00:00:00.000Z' };
    const receipts = [];
    for (const count of [7, 8])
      receipts.push(
        await oversight.record({
          ...{ ...bare, kind: 'prune' },
          pruned: { ...pruned, count, ...(count === 8 && { indexes: '3,5-11' }) },
        }),
      );
    const query = `query ($after: String) {
      prunings(first: 1, after: $after) {
        prunings { origin index at prunedOrigin indexes count before } endCursor hasNextPage }
      accessEvents(filter: {}) { events { index } } }`;
    const { data } = await oversight.ask(query);
    expect(data.accessEvents.events).toEqual([]);
    expect(data.prunings).toMatchObject({
      prunings: [
        {
          ...{ origin: oversight.log.origin, index: String(receipts[1]?.index), at: bare.at },
          ...{ prunedOrigin: pruned.origin, count: 8, indexes: '3,5-11', before: pruned.before },
        },
      ],
      hasNextPage: true,
    });
    const next = await oversight.ask(query, { after: data.prunings.endCursor });
    expect(next.data.prunings).toMatchObject({ prunings: [{ count: 7, indexes: null }], hasNextPage: false });
  });

  test('is made again while others bring rows, and neither waits for the other for ever', async () => {
    await several(LEAVES_PER_ORIGIN * 3);
    const projections = Array.from({ length: 3 }, () => new Projection({ store, audit, patience: 20_000 }));
    for (let round = 0; round < 5; round++)
      await Promise.all(projections.map((each, n) => (n === 0 ? each.rebuild() : each.catchUp())));
    expect((await rows()).events).toHaveLength(LEAVES_PER_ORIGIN * 3);
  });

  test('while the log is out of reach no question is answered from old rows', async () => {
    await oversight.record();
    const server = connect(oversight.database.ownerUrl, { max: 1 });
    await server`alter table writer_session rename to hidden`;
    const { data, errors } = await oversight.ask('{ accessEvents(filter: {}) { events { index } } }');
    expect(data?.accessEvents ?? null).toBeNull();
    expect(errors?.[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR');
    await server`alter table hidden rename to writer_session`;
    expect(
      (await oversight.ask('{ accessEvents(filter: {}) { events { index } } }')).data.accessEvents.events,
    ).toHaveLength(1);
    await server.end();
  });
});
