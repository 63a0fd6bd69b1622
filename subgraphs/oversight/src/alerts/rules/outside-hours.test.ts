import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startOversight, type TestOversight } from '../../testing/oversight.ts';
import { alertsOf } from '../../testing/readings.ts';

let oversight: TestOversight;
let people = 0;
beforeAll(async () => {
  oversight = await startOversight();
});
afterAll(() => oversight?.[Symbol.asyncDispose]());

/** Whether somebody who reads at each of these times is told of, and how often. */
async function raised(times: readonly string[], event: object = {}): Promise<number> {
  const practitioner = `p-${people++}`;
  for (const at of times) await oversight.record({ practitioner, at, ...event });
  const alerts = await alertsOf(oversight, 'OUTSIDE_HOURS');
  return alerts.filter(({ practitionerId }) => practitionerId === practitioner).length;
}

describe('OUTSIDE_HOURS', () => {
  test.each([
    ['before seven in winter', '2026-11-24T06:59:59.999Z', 1],
    ['at seven in winter', '2026-11-24T07:00:00.000Z', 0],
    ['before eight in the evening', '2026-11-24T19:59:59.999Z', 0],
    ['at eight in the evening', '2026-11-24T20:00:00.000Z', 1],
    ['at seven in summer, which is six in UTC', '2026-07-14T06:00:00.000Z', 0],
    ['before seven in summer', '2026-07-14T05:59:59.999Z', 1],
    ['at eight of a summer evening, seven in UTC', '2026-07-14T19:00:00.000Z', 1],
    ['before eight of a summer evening', '2026-07-14T18:59:59.999Z', 0],
    ['on the Friday before the clocks go back', '2026-10-23T06:00:00.000Z', 0],
    ['on the Monday after, at the same time in UTC', '2026-10-26T06:00:00.000Z', 1],
    ['on the Friday before the clocks go forward', '2026-03-27T06:30:00.000Z', 1],
    ['on the Monday after, at the same time in UTC', '2026-03-30T06:30:00.000Z', 0],
    ['at noon on a Saturday', '2026-11-21T12:00:00.000Z', 1],
    ['at noon on a Sunday', '2026-11-22T12:00:00.000Z', 1],
    ['late on a Sunday that is Monday in UTC nowhere yet', '2026-07-12T23:30:00.000Z', 1],
  ])('%s', async (_case, at, times) => {
    expect(await raised([at])).toBe(times);
  });

  test('is raised once a night, across midnight, and again the next one', async () => {
    const night = ['2026-11-24T22:00:00.000Z', '2026-11-25T00:30:00.000Z', '2026-11-25T06:59:00.000Z'];
    expect(await raised(night)).toBe(1);
    expect(await raised([...night, '2026-11-25T20:30:00.000Z'])).toBe(2);
  });

  test('a weekend is two nights', async () => {
    expect(await raised(['2026-11-20T23:00:00.000Z', '2026-11-21T03:00:00.000Z'])).toBe(1);
    expect(await raised(['2026-11-21T10:00:00.000Z', '2026-11-22T06:00:00.000Z'])).toBe(1);
    expect(await raised(['2026-11-21T10:00:00.000Z', '2026-11-22T10:00:00.000Z'])).toBe(2);
  });

  test.each(['emergency-clinician', 'mash-screener', 'police-child-abuse'])('%s works then', async (role) => {
    expect(await raised(['2026-11-24T03:00:00.000Z'], { role })).toBe(0);
  });

  test('leaves alone what names no child, and who works without children', async () => {
    const at = ['2026-11-24T03:00:00.000Z'];
    expect(await raised(at, { subjects: [] })).toBe(0);
    expect(await raised(at, { role: 'auditor' })).toBe(0);
    expect(await raised(at, { role: 'school-nurse', organisation: 'TRUST-01' })).toBe(1);
  });

  test('is the mediator’s, says when, and refers to the event', async () => {
    const at = '2026-07-14T22:05:00.000Z';
    const { origin, index } = await oversight.record({ at, practitioner: 'p-of', mediator: 'p-late' });
    const alerts = await alertsOf(oversight, 'OUTSIDE_HOURS');
    expect(alerts.filter(({ practitionerId }) => practitionerId === 'p-of')).toEqual([]);
    expect(alerts.find(({ practitionerId }) => practitionerId === 'p-late')).toEqual({
      rule: 'OUTSIDE_HOURS',
      at,
      practitionerId: 'p-late',
      organisationId: 'LA-975',
      note: 'Outside hours, at 23:05',
      events: [{ origin, index: String(index) }],
    });
  });
});
