import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startOversight, type TestOversight } from '../../testing/oversight.ts';
import { alertsOf } from '../../testing/readings.ts';

let oversight: TestOversight;
let people = 0;
beforeAll(async () => {
  oversight = await startOversight();
});
afterAll(() => oversight?.[Symbol.asyncDispose]());

const at = (minute: number, day = 24) => new Date(Date.UTC(2026, 10, day, 9, minute)).toISOString();

async function searching(misses: readonly number[], event: object = {}) {
  const practitioner = `p-${people++}`;
  const receipts = [];
  for (const [place, missed] of misses.entries()) {
    const searches = { asked: Math.max(1, missed), missed };
    receipts.push(await oversight.record({ practitioner, at: at(place), subjects: [], searches, ...event }));
  }
  const alerts = await alertsOf(oversight, 'SEARCH_MISSES');
  return { receipts, alerts: alerts.filter(({ practitionerId }) => practitionerId === practitioner) };
}

describe('SEARCH_MISSES', () => {
  test('is raised by the question that makes fifteen, with those that led there and none after it', async () => {
    const { alerts, receipts } = await searching([5, 0, 9, 1, 4]);
    expect(alerts).toMatchObject([
      { at: at(3), organisationId: 'LA-975', note: '15 questions of the day found nobody' },
    ]);
    const places = alerts[0]?.events.map(({ index }) => index).toSorted();
    expect(places).toEqual([0, 2, 3].map((place) => String(receipts[place]?.index)).toSorted());
  });

  test('leaves alone fourteen, and searches that found somebody', async () => {
    expect((await searching([5, 9])).alerts).toEqual([]);
    expect((await searching(Array(20).fill(0))).alerts).toEqual([]);
  });

  test('counts a day of London, not two', async () => {
    const practitioner = 'p-late';
    const searches = { asked: 8, missed: 8 };
    const late = { practitioner, searches, subjects: [] };
    await oversight.record({ ...late, at: '2026-07-14T22:59:00.000Z' });
    await oversight.record({ ...late, at: '2026-07-14T23:01:00.000Z' });
    const alerts = await alertsOf(oversight, 'SEARCH_MISSES');
    expect(alerts.filter(({ practitionerId }) => practitionerId === practitioner)).toEqual([]);
  });

  test.each([
    ['mash-screener', 39, 0],
    ['mash-screener', 40, 1],
    ['identity-steward', 89, 0],
    ['identity-steward', 90, 1],
  ])('%s with %i', async (role, missed, times) => {
    expect((await searching([missed], { role })).alerts).toHaveLength(times);
  });

  test('is raised once a day, however it goes on', async () => {
    expect((await searching([15, 15, 15])).alerts).toHaveLength(1);
  });
});
