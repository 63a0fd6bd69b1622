import { connect, type Store } from '@contactpoint/subgraph-kit/store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Projection } from '../projection/projection.ts';
import { CHILD, startOversight, type TestOversight } from '../testing/oversight.ts';
import { alertsOf } from '../testing/readings.ts';

const NONCE = 'ab'.repeat(16);
const WINDOW = 'c0'.repeat(32);

let oversight: TestOversight;

beforeEach(async () => {
  oversight = await startOversight();
});
afterEach(async () => {
  await oversight[Symbol.asyncDispose]();
});

const alerts = () => alertsOf(oversight, 'BREAK_GLASS');

const byWindow = { override: true, overrideWindows: [WINDOW] };

describe('an access with break-glass', () => {
  test('raises an alert that refers to it and says whose it is, and nothing of the child', async () => {
    const { origin, index } = await oversight.record(byWindow);
    const found = await alerts();
    expect(found).toEqual([
      {
        rule: 'BREAK_GLASS',
        at: '2026-11-22T10:15:00.000Z',
        practitionerId: 'p-social-worker',
        organisationId: 'LA-975',
        note: `${origin} ${index}`,
        events: [{ origin, index: String(index) }],
      },
    ]);
    const rows = await oversight.subgraph.store`select alert::text as row from alert`;
    expect(JSON.stringify([found, rows])).not.toContain(CHILD);
  });

  test('raises one a window, with its first event', async () => {
    const first = await oversight.record({ ...byWindow, kind: 'intent', nonce: NONCE });
    await oversight.record({ ...byWindow, kind: 'outcome', nonce: NONCE, intentIndex: first.index });
    expect(await alerts()).toHaveLength(1);
    await oversight.record({ ...byWindow, at: '2026-11-22T10:30:00.000Z' });
    expect(await alerts()).toMatchObject([{ events: [{ index: String(first.index) }] }]);

    await oversight.record({ override: true, overrideWindows: ['d1'.repeat(32)] });
    expect(await alerts()).toHaveLength(2);
    const page = async (first: number) =>
      (await oversight.ask(`{ alerts(first: ${first}) { alerts { rule } total } }`)).data.alerts;
    const { total, alerts: all } = await page(200);
    expect(total).toBe(all.length);
    expect(await page(1)).toMatchObject({ total, alerts: [expect.anything()] });
  });

  test('that names no window is one of its own', async () => {
    await oversight.record({ override: true });
    await oversight.record({ override: true });
    expect(await alerts()).toHaveLength(2);
  });

  test('for a colleague is the mediator’s', async () => {
    await oversight.record({ ...byWindow, practitioner: 'p-colleague', mediator: 'p-mediator' });
    expect(await alerts()).toMatchObject([{ practitionerId: 'p-mediator' }]);
  });

  test('raises nothing without override, whatever windows it names', async () => {
    await oversight.record({ overrideWindows: [WINDOW] });
    expect(await alerts()).toEqual([]);
  });

  test('raises nothing again when the rows are made again', async () => {
    await oversight.record(byWindow);
    await oversight.record({ override: true });
    const before = await alerts();
    const audit: Store = connect(oversight.database.readerUrl, { max: 1 });
    await new Projection({ store: oversight.subgraph.store, audit }).rebuild();
    await audit.end();
    expect(await alerts()).toEqual(before);
  });
});
