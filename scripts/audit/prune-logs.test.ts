import { randomBytes } from 'node:crypto';
import type { AccessEvent, PrunedLeaves } from '@contactpoint/audit-log/access-event';
import type { AuditLog } from '@contactpoint/audit-log/audit-log';
import { encodeAccessEvent } from '@contactpoint/audit-log/encode-access-event';
import { createAuditDatabase, type TestAuditDatabase } from '@contactpoint/audit-log/testing/audit-database';
import { openDatedLog } from '@contactpoint/audit-log/testing/dated-log';
import { fakeSigner } from '@contactpoint/audit-log/testing/fake-signer';
import { mergeIdentities } from '@contactpoint/directory/merge-identities';
import { Projection } from '@contactpoint/oversight/projection/projection';
import { connect, KIT_MIGRATIONS, migrate, type Store } from '@contactpoint/subgraph-kit/store';
import { createTestDatabase } from '@contactpoint/subgraph-kit/testing/database';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type PruneOptions, pruneLogs } from './prune-logs.ts';

const ORIGIN = 'contactpoint.test/gateway-1/00';
const NOW = new Date('2036-06-01T12:00:00.000Z');

/** 18 in 2030, so that the term of six years ended on 6 May 2036; and one a month younger. */
const OLD = '00000000000000A1';
const YOUNG = '00000000000000B1';
const DOUBLE = '00000000000000C1';
const NOBODY = 'ZZZZZZZZZZZZZZZZ';

/** A subgraph's database, migrated and empty. */
async function migrated(subgraph: string) {
  const { url, drop } = await createTestDatabase();
  const store = connect(url);
  await migrate(store, KIT_MIGRATIONS);
  await migrate(store, new URL(`../../subgraphs/${subgraph}/migrations/`, import.meta.url));
  const end = async () => {
    await store.end({ timeout: 5 });
    await drop();
  };
  return { store, end };
}

let database: TestAuditDatabase;
let directory: Awaited<ReturnType<typeof migrated>>;
let oversight: Awaited<ReturnType<typeof migrated>>;
let audit: Store;
let log: AuditLog;

beforeAll(async () => {
  directory = await migrated('directory');
  oversight = await migrated('oversight');
});
afterAll(async () => {
  await directory?.end();
  await oversight?.end();
});
beforeEach(async () => {
  database = await createAuditDatabase();
  audit = connect(database.retentionUrl, { max: 2 });
  log = await openDatedLog(database.ownerUrl, ORIGIN, () => new Date('2020-01-02T03:04:05.000Z'));
  await oversight.store`truncate access_event, access_subject, log_cursor, pruning, lawful_hold`;
  await directory.store`truncate child cascade`;
  await directory.store`insert into child (id, date_of_birth, sex) values
    (${OLD}, '2012-05-06', 'FEMALE'), (${YOUNG}, '2012-06-06', 'MALE'), (${DOUBLE}, '2012-05-06', 'FEMALE')`;
  await record({ kind: 'boot' });
});
afterEach(async () => {
  await log?.close();
  await audit?.end();
  await database?.[Symbol.asyncDispose]();
});

const about = (...children: string[]) => ({
  subjects: children.map((child) => ({ child, released: ['Child.id'], withheld: [], policies: [] })),
});

async function record(changes: Partial<AccessEvent>): Promise<number> {
  const leaves = encodeAccessEvent({
    ...{ version: 1, kind: 'access', nonce: randomBytes(16).toString('hex'), at: '2026-01-02T03:04:05.000Z' },
    ...{ instance: 'gateway-1', practitioner: 'p-reader', organisation: 'LA-975' },
    ...{ override: false, outcome: 'RELEASED', jtis: [], subjects: [] },
    ...changes,
  } as AccessEvent);
  const indexes: bigint[] = [];
  for (const leaf of leaves) indexes.push((await log.append(leaf)).index);
  return Number(indexes[0]);
}

async function sign(): Promise<void> {
  await using signer = fakeSigner(database.signerUrl);
  await signer.sign(ORIGIN);
}

const project = () => new Projection({ store: oversight.store, audit }).catchUp();

async function prune(openLog?: PruneOptions['openLog'] | 'dry') {
  const recorded: PrunedLeaves[] = [];
  await sign();
  await project();
  const keeping = async () => ({ record: async (pruned: PrunedLeaves) => void recorded.push(pruned) });
  const logs = await pruneLogs(
    { audit, directory: directory.store, oversight: oversight.store },
    { now: NOW, years: 6, openLog: openLog === 'dry' ? undefined : (openLog ?? keeping) },
  );
  return { logs, recorded };
}

async function pruned(): Promise<number[]> {
  const rows = await audit<{ index: number }[]>`
    select index::int as index from leaf where origin = ${ORIGIN} and leaf is null order by index`;
  return rows.map(({ index }) => index);
}
async function projected(): Promise<number[]> {
  const rows = await oversight.store<{ index: number }[]>`
    select index::int as index from access_event where origin = ${ORIGIN} order by index`;
  return rows.map(({ index }) => index);
}
const hold = (child: string, terms: object = {}) => oversight.store`
  insert into lawful_hold ${oversight.store({ child_id: child, reference: 'Order', placed_at: NOW.toISOString(), placed_by: 'p-auditor', ...terms })}`;

describe('pruneLogs', () => {
  test('forgets what is past its term, says so first, and keeps the rest', async () => {
    const old = await record(about(OLD));
    const kept = [await record(about(YOUNG)), await record(about(OLD, YOUNG)), await record(about(NOBODY))];
    const forGood = await record({
      kind: 'outcome',
      subjects: [{ child: OLD, released: ['Mutation.placeLawfulHold'], withheld: [], policies: [] }],
    });
    const nobody = await record({});
    const { logs, recorded } = await prune();
    expect(logs).toEqual([{ origin: ORIGIN, leaves: 2 }]);
    expect(recorded).toEqual([
      { origin: ORIGIN, count: 2, indexes: `${old},${nobody}`, before: '2030-06-01T00:00:00.000Z' },
    ]);
    expect(await pruned()).toEqual([old, nobody]);
    expect(await projected()).toEqual([...kept, forGood]);
  });

  test('only looks in a dry run', async () => {
    await record(about(OLD));
    const { logs } = await prune('dry');
    expect(logs).toEqual([{ origin: ORIGIN, leaves: 1 }]);
    expect([await pruned(), (await projected()).length]).toEqual([[], 1]);
  });

  test('does nothing twice', async () => {
    await record(about(OLD));
    await prune();
    const { logs, recorded } = await prune();
    expect([logs, recorded]).toEqual([[], []]);
  });

  test('a number that was given up has the birthday of its child, and is held with it', async () => {
    const reason = 'Both were seen with the same passport';
    await mergeIdentities(directory.store, {
      ...{ from: DOUBLE, into: YOUNG, by: 'p-steward', reason, at: NOW },
    });
    await record(about(DOUBLE));
    await prune();
    expect(await pruned()).toEqual([]);
    await directory.store`update child set date_of_birth = '2012-05-06' where id = ${YOUNG}`;
    await hold(YOUNG);
    await prune();
    expect(await pruned()).toEqual([]);
    await oversight.store`update lawful_hold set ended_at = ${NOW}, ended_by = 'p-auditor'`;
    await prune();
    expect(await pruned()).toEqual([1]);
  });

  test.each<[string, object, boolean]>([
    ['the child', {}, true],
    ['the reader', { practitioner_id: 'p-reader' }, true],
    ['another reader', { practitioner_id: 'p-other' }, false],
    ['the organisation', { organisation_id: 'LA-975' }, true],
    ['another one', { organisation_id: 'LA-976' }, false],
    ['the day', { held_from: '2026-01-02', held_to: '2026-01-02' }, true],
    ['the day before', { held_to: '2026-01-01' }, false],
    ['the day after', { held_from: '2026-01-03' }, false],
    ['the child, until yesterday', { ends_on: '2036-05-31' }, false],
    ['the child, until today', { ends_on: '2036-06-01' }, true],
  ])('a hold stops it: on %s', async (_case, terms, isKept) => {
    const index = await record(about(OLD));
    await hold(OLD, terms);
    await prune();
    expect(await pruned()).toEqual(isKept ? [] : [index]);
  });

  test('forgets all parts of an event or none', async () => {
    const many = Array.from({ length: 3_000 }, (_, n) => String(n).padStart(16, '0'));
    await directory.store`
      insert into child (id, date_of_birth, sex)
      select id, '2012-05-06', 'MALE' from unnest(${many}::text[]) as id`;
    await record(about(...many));
    await record(about(...many.slice(1), YOUNG));
    await prune();
    const all = await audit<{ kept: boolean }[]>`
      select leaf is not null as kept from leaf where origin = ${ORIGIN} order by index`;
    const parts = (all.length - 1) / 2;
    expect(parts).toBeGreaterThan(1);
    expect(all.map(({ kept }) => kept)).toEqual([
      true,
      ...Array(parts).fill(false),
      ...Array(parts).fill(true),
    ]);
  });

  test('forgets nothing that it could not put on record', async () => {
    await record(about(OLD));
    const failing = prune(async () => ({ record: () => Promise.reject(new Error('the log is full')) }));
    await expect(failing).rejects.toThrow('the log is full');
    expect([await pruned(), (await projected()).length]).toEqual([[], 1]);
  });

  test.each([
    ['the directory', () => directory.store, 'child'],
    ['the holds', () => oversight.store, 'lawful_hold'],
  ])('forgets nothing while %s cannot be read, also not what has no child', async (_case, storeOf, table) => {
    await record({});
    const store = storeOf();
    await store`alter table ${store(table)} rename to hidden`;
    try {
      await expect(prune()).rejects.toThrow('does not exist');
    } finally {
      await store`alter table hidden rename to ${store(table)}`;
    }
    expect(await pruned()).toEqual([]);
  });

  test('goes on after it died between the log and the rows', async () => {
    const index = await record(about(OLD));
    await sign();
    await project();
    await audit`select prune_leaves(${ORIGIN}, array[${index}]::bigint[])`;
    expect(await projected()).toEqual([index]);
    await prune();
    expect(await projected()).toEqual([]);
  });

  test('lets nobody place a hold on what is about to go', async () => {
    await record(about(OLD));
    let placed: Promise<unknown> | undefined;
    let wasPlaced = false;
    await prune(async () => ({
      record: async () => {
        placed = hold(OLD).then(() => {
          wasPlaced = true;
        });
        await new Promise((over) => setTimeout(over, 200));
        expect(wasPlaced).toBe(false);
      },
    }));
    await placed;
    expect(await pruned()).toEqual([1]);
  });

  test('rows made again after it are what is left, without alerts', async () => {
    await record(about(OLD));
    await record(about(YOUNG));
    await prune();
    const before = await oversight.store`select * from access_event order by index`;
    await new Projection({ store: oversight.store, audit }).rebuild();
    expect(await oversight.store`select * from access_event order by index`).toEqual(before);
    expect(await oversight.store`select rule from alert`).toEqual([]);
  });
});
