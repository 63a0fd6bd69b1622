import { connect, KIT_MIGRATIONS, migrate, type Store } from '@contactpoint/subgraph-kit/store';
import { createTestDatabase, type TestDatabase } from '@contactpoint/subgraph-kit/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Projection } from '../projection/projection.ts';
import { startOversight, type TestOversight } from '../testing/oversight.ts';
import { showing } from '../testing/readings.ts';
import { DEFAULT_ALERT_SETTINGS } from './settings.ts';
import { AlertWatch } from './watch.ts';

let oversight: TestOversight;
let audit: Store;
/** Rows of its own, which nobody else looks at. */
let database: TestDatabase;
let store: Store;
beforeEach(async () => {
  oversight = await startOversight();
  audit = connect(oversight.database.readerUrl, { max: 1 });
  database = await createTestDatabase();
  store = connect(database.url);
  await migrate(store, KIT_MIGRATIONS);
  await migrate(store, new URL('../../migrations/', import.meta.url));
});
afterEach(async () => {
  await store.end();
  await database.drop();
  await audit.end();
  await oversight[Symbol.asyncDispose]();
});

const NOW = new Date('2026-11-24T12:00:00.000Z');
const night = (practitioner: string) => showing([1], { practitioner, at: '2026-11-17T23:00:00.000Z' });
const due = async () =>
  (await store<{ id: string }[]>`select practitioner_id as id from due_day order by 1`).map(({ id }) => id);
const raised = async () => (await store`select 1 from alert where rule = 'OUTSIDE_HOURS'`).length;
const watching = (patience = 60_000) =>
  new AlertWatch({ store, audit, settings: DEFAULT_ALERT_SETTINGS, patience });
const waiting = async () => {
  const rows = await store`
    select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  return rows.length;
};
const project = () => new Projection({ store, audit }).catchUp();

describe('AlertWatch', () => {
  test('looks at each day once, and again when something came', async () => {
    const watch = watching();
    for (const practitioner of ['p-one', 'p-one', 'p-two']) {
      await oversight.record(night(practitioner));
      await project();
      expect(await due()).toEqual([practitioner]);
      await watch.look(NOW);
      expect(await due()).toEqual([]);
    }
    expect(await raised()).toBe(2);
  });

  test('goes through more days than fit one transaction', async () => {
    await oversight.record(night('p-0'));
    await project();
    await store`
      insert into due_day (practitioner_id, day)
      select 'a-' || n, date '2026-11-01' from generate_series(1, 450) as n`;
    await watching().look(NOW);
    expect(await raised()).toBe(1);
    expect(await due()).toEqual([]);
  });

  test('leaves a day due that was marked while it looked, and lets the projection through meanwhile', async () => {
    await oversight.record(night('p-one'));
    await project();
    const release = await holdUp();
    const watch = watching();
    const looking = watch.look(NOW);
    await expect.poll(waiting).toBe(1);
    await oversight.record(night('p-one'));
    await project();
    await release();
    await looking;
    expect(await due()).toEqual(['p-one']);
    await watch.look(NOW);
    expect(await due()).toEqual([]);
  });

  test('looks once more for all who ask while it looks, however many have given up waiting', async () => {
    await oversight.record(night('p-one'));
    await project();
    const release = await holdUp();
    let begun = 0;
    const counted = new Proxy(store, {
      get(target, name, self) {
        if (name === 'begin') begun++;
        return Reflect.get(target, name, self);
      },
    });
    const watch = new AlertWatch({
      store: counted,
      audit,
      settings: DEFAULT_ALERT_SETTINGS,
      patience: 60_000,
    });
    const looks = Array.from({ length: 20 }, () => watch.look(NOW));
    await expect.poll(waiting).toBe(1);
    await release();
    await Promise.all(looks);
    // A run takes a transaction for each portion of days, one more to see that there is none, and one for each other rule.
    const [first, second] = [4, 3];
    expect(begun).toBe(first + second);
  });

  test('does not keep a question waiting for longer than its patience', async () => {
    await oversight.record(night('p-one'));
    await project();
    const release = await holdUp();
    await watching(20).look(NOW);
    expect(await due()).toEqual(['p-one']);
    await release();
    await expect.poll(due).toEqual([]);
  });
});

/** Has the rules wait halfway, until it is told to let them go on. */
async function holdUp(): Promise<() => Promise<unknown>> {
  const locked = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const blocking = store.begin(async (sql) => {
    await sql`lock table reader_day in access exclusive mode`;
    locked.resolve();
    await held.promise;
  });
  await locked.promise;
  return () => {
    held.resolve();
    return blocking;
  };
}
