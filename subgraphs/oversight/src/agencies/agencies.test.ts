import { ANSWER_LIMITS } from '@contactpoint/access/agency-report';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startOversight, type TestOversight } from '../testing/oversight.ts';
import { sendTo } from '../testing/readings.ts';

const AGENCIES = '{ agencies { name state halfWithin mostWithin unansweredPercent } }';

let oversight: TestOversight;

beforeEach(async () => {
  oversight = await startOversight();
});
afterEach(() => oversight[Symbol.asyncDispose]());

/** So many answers within each limit, by limit. */
function report(agency: string, within: Readonly<Record<number, number>>, more: object = {}) {
  const counts = [...ANSWER_LIMITS, Number.POSITIVE_INFINITY].map((limit) => within[limit] ?? 0);
  const answered = counts.reduce((sum, count) => sum + count, 0);
  return { agency, well: true, answered, unanswered: 0, within: counts, ...more };
}

const told = (instance: string, ...agencies: object[]) =>
  sendTo(oversight, '/agencies/reported', { instance, agencies });
const agencies = async () => (await oversight.ask(AGENCIES)).data.agencies;

describe('agencies', () => {
  test('are as all gateways together find them', async () => {
    expect(await agencies()).toBeNull();
    const reported = await told(
      'gateway-1',
      report('health', { 5: 60, 20: 30 }),
      report('education', { 5: 3 }),
    );
    expect(reported.status).toBe(204);
    await told('gateway-2', report('health', { 5: 4, 500: 6 }, { unanswered: 1 }));
    expect(await agencies()).toEqual([
      { name: 'education', state: 'ANSWERING', halfWithin: null, mostWithin: null, unansweredPercent: null },
      { name: 'health', state: 'ANSWERING', halfWithin: 5, mostWithin: 500, unansweredPercent: 1 },
    ]);
  });

  test.each([
    ['AWAY', { well: false }],
    ['FALTERING', { unanswered: 3 }],
  ])('are %s with %j', async (state, more) => {
    await told('gateway-1', report('health', { 5: 30 }, more));
    expect(await agencies()).toMatchObject([{ state }]);
  });

  test('are unknown when nobody says so any more, and forgotten then', async () => {
    await told('gateway-1', report('health', { 5: 30 }));
    const { store } = oversight.subgraph;
    await store`update agency_report set reported_at = reported_at - interval '61 seconds'`;
    expect(await agencies()).toMatchObject([{ state: 'UNKNOWN' }]);
    await store`update agency_report set reported_at = reported_at - interval '4 minutes'`;
    expect(await agencies()).toBeNull();
    await told('gateway-1', report('education', {}));
    expect(await store`select distinct agency from agency_report`).toEqual([{ agency: 'education' }]);
  });

  test('take the scope', async () => {
    const { data, errors } = await oversight.ask(
      AGENCIES,
      {},
      { scopes: ['audit:read', 'accreditation:read'] },
    );
    expect(data.agencies).toBeNull();
    expect(errors?.[0]?.extensions['reason']).toBe('SCOPE');
  });

  test('are reported by the gateway alone, and nothing else comes along', async () => {
    const content = { instance: 'gateway-1', agencies: [report('health', {})] };
    expect((await sendTo(oversight, '/agencies/reported', content, 'auditor')).status).toBe(401);
    for (const agency of [{ child: 'x' }, { within: [1] }, { agency: 'Jane Doe' }, { answered: -1 }]) {
      const changed = { ...content, agencies: [{ ...report('health', {}), ...agency }] };
      expect((await sendTo(oversight, '/agencies/reported', changed)).status).toBe(400);
    }
  });
});
