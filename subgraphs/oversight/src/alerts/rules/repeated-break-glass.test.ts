import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startOversight, type TestOversight } from '../../testing/oversight.ts';
import { alertsOf } from '../../testing/readings.ts';

let oversight: TestOversight;
let people = 0;
beforeAll(async () => {
  oversight = await startOversight();
});
afterAll(() => oversight?.[Symbol.asyncDispose]());

const HOUR = 3_600_000;
const MONDAY = Date.UTC(2026, 10, 23, 10);
const later = (hours: number) => new Date(MONDAY + hours * HOUR).toISOString();

/** @param windows Hours after Monday morning at which each window was opened. */
async function breaking(windows: readonly number[], event: object = {}) {
  const practitioner = `p-${people++}`;
  const receipts = [];
  for (const [place, hours] of windows.entries()) {
    const overrideWindows = [`${place}`.padStart(2, '0').repeat(32)];
    const opened = { practitioner, role: 'emergency-clinician', override: true, overrideWindows };
    receipts.push(await oversight.record({ ...opened, at: later(hours), ...event }));
  }
  const alerts = await alertsOf(oversight, 'REPEATED_BREAK_GLASS');
  return { receipts, alerts: alerts.filter(({ practitionerId }) => practitionerId === practitioner) };
}

describe('REPEATED_BREAK_GLASS', () => {
  test('is raised by the third window within seven days, with the three', async () => {
    const { receipts, alerts } = await breaking([0, 50, 167]);
    expect(alerts).toMatchObject([{ at: later(167), note: '3 break-glass windows within 7 days' }]);
    expect(alerts[0]?.events.map(({ index }) => index).toSorted()).toEqual(
      receipts.map(({ index }) => String(index)).toSorted(),
    );
  });

  test('leaves alone two, and a third after seven days', async () => {
    expect((await breaking([0, 1])).alerts).toEqual([]);
    expect((await breaking([0, 50, 168])).alerts).toEqual([]);
  });

  test('is raised once a week of the calendar', async () => {
    expect((await breaking([0, 1, 2, 3, 4])).alerts).toHaveLength(1);
    expect((await breaking([0, 1, 2, 168, 169, 170])).alerts).toHaveLength(2);
  });

  test('finds them in whatever order they come', async () => {
    expect((await breaking([100, 0, 50])).alerts).toMatchObject([{ at: later(100) }]);
  });

  test('leaves alone attempts that opened nothing, and intents', async () => {
    expect((await breaking([0, 1, 2], { outcome: 'REFUSED' })).alerts).toEqual([]);
    expect((await breaking([0, 1, 2], { kind: 'intent' })).alerts).toEqual([]);
  });

  test('counts a window once, however often it is read through', async () => {
    const overrideWindows = ['ab'.repeat(32)];
    expect((await breaking([0, 0.2, 0.4, 0.6], { overrideWindows })).alerts).toEqual([]);
  });
});
