import { overrideDigest, principalDigest } from '@contactpoint/access/grant';
import type { OverrideAnswer } from '@contactpoint/access/override';
import { TEST_KEYS, type TestGrant, testGrant, testSystemBody } from '@contactpoint/subgraph-kit/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type Accreditation,
  NOW,
  organisation,
  practitioner,
  startAccreditation,
} from '../accounts.fixture.ts';

const CHILD = '8Z4K2M0QWX7R5T1B';
const SIBLING = '7Y3J1N9PVW6Q4S0A';
const IAT = NOW.getTime() / 1000;
const NEXT_HOUR = '2026-06-15T12:00:00.000Z';

let accreditation: Accreditation;

beforeAll(async () => {
  accreditation = await startAccreditation();
});
afterAll(() => accreditation.stop());
beforeEach(() =>
  accreditation.holds(
    [organisation()],
    [
      practitioner('p-one', { role: 'mash-screener' }),
      practitioner('p-two', { role: 'mash-screener' }),
      practitioner('p-suspended', { suspendedAt: '2026-06-01T10:00:00Z' }),
    ],
  ),
);

let events = 0;
const nextEvt = () => (++events).toString(16).padStart(64, '0');

async function send(url: string, payload: object): Promise<{ status: number; body: unknown }> {
  const response = await accreditation.app.inject({ method: 'POST', url, payload });
  return { status: response.statusCode, body: response.body === '' ? undefined : response.json() };
}

async function request(sub: string, childId: string, evt = nextEvt(), claims: Partial<TestGrant> = {}) {
  const grant = { aud: 'accreditation', iat: IAT, exp: IAT + 30, sub, evt, body: overrideDigest(childId) };
  return { childId, accessGrant: await testGrant(TEST_KEYS, { ...grant, ...claims }) };
}

async function open(...asked: Parameters<typeof request>): Promise<OverrideAnswer | null> {
  const { body } = await send('/overrides', { requests: [await request(...asked)] });
  return (body as { answers: (OverrideAnswer | null)[] }).answers[0] ?? null;
}

async function review(windows: string[], outcome: string): Promise<number> {
  const claims = { iat: IAT, exp: IAT + 30 };
  const path = '/overrides/reviewed';
  const body = await testSystemBody(TEST_KEYS, 'accreditation', path, { windows, outcome }, claims);
  return (await send(path, body)).status;
}

async function windowsOf(practitionerId: string): Promise<unknown> {
  const claims = { aud: 'accreditation', iat: IAT, exp: IAT + 30, body: principalDigest(practitionerId) };
  const requests = [{ practitionerId, accessGrant: await testGrant(TEST_KEYS, claims) }];
  const { body } = await send('/principals', { requests });
  return (body as { answers: { overrides?: unknown }[] }).answers[0]?.overrides;
}

const rows = () => accreditation.store`select * from override_window order by evt`;
/** Moves every window that far into the past. */
const age = (interval: string) => accreditation.store`
  update override_window set opened_at = opened_at - ${interval}::interval,
    expires_at = expires_at - ${interval}::interval, review_due_at = review_due_at - ${interval}::interval`;

describe('POST /overrides', () => {
  test('opens an hour for one child, owes a review in three days and journals the child', async () => {
    const evt = nextEvt();
    expect(await open('p-one', CHILD, evt)).toEqual({ window: { child: CHILD, evt, until: NEXT_HOUR } });
    expect(await rows()).toMatchObject([
      { evt, practitioner_id: 'p-one', child_id: CHILD, review_due_at: '2026-06-18T11:00:00.000Z' },
    ]);
    const journal = await accreditation.store`
      select operation, child_id from access_journal where evt = ${evt} and child_id is not null`;
    expect([...journal]).toEqual([{ operation: 'overrides', child_id: CHILD }]);
  });

  test('finds the one that is open, and owes no further review', async () => {
    const first = await open('p-one', CHILD);
    await age('59 minutes');
    const { window } = (await open('p-one', CHILD)) as { window: object };
    expect(window).toEqual({ ...(first as { window: object }).window, until: '2026-06-15T11:01:00.000Z' });
    expect(await rows()).toHaveLength(1);
  });

  test('that come together open one', async () => {
    const requests = await Promise.all(Array.from({ length: 8 }, () => request('p-one', CHILD)));
    // Every connection of the pool is there, or the first request would be done before the second one has its own.
    await Promise.all(requests.map(() => accreditation.store`select pg_sleep(0.05)`));
    const together = Promise.all(requests.map((each) => send('/overrides', { requests: [each] })));
    const evts = (await together).map(
      ({ body }) => (body as { answers: { window: { evt: string } }[] }).answers[0]?.window.evt,
    );
    expect(new Set(evts).size).toBe(1);
    expect(await rows()).toHaveLength(1);
  });

  test('after an hour opens another', async () => {
    await open('p-one', CHILD);
    await age('60 minutes');
    expect(await open('p-one', CHILD)).toMatchObject({ window: { until: NEXT_HOUR } });
    expect(await rows()).toHaveLength(2);
  });

  test('opens nothing of another child, nor to another practitioner', async () => {
    await open('p-one', CHILD);
    await open('p-two', SIBLING);
    expect(await windowsOf('p-one')).toMatchObject([{ child: CHILD }]);
    expect(await windowsOf('p-two')).toMatchObject([{ child: SIBLING }]);
  });

  test('is refused while a review is overdue, until it is done', async () => {
    const evt = nextEvt();
    await open('p-one', SIBLING, evt);
    await age('71 hours 59 minutes');
    expect(await open('p-one', CHILD)).toHaveProperty('window');
    await age('1 minute');
    await accreditation.store`delete from override_window where child_id = ${CHILD}`;
    expect(await open('p-one', CHILD)).toEqual({ refused: 'REVIEW_OVERDUE' });
    expect(await open('p-two', CHILD)).toHaveProperty('window');

    expect(await review([evt], 'JUSTIFIED')).toBe(204);
    expect(await open('p-one', CHILD)).toHaveProperty('window');
  });

  test('is refused while five wait for their reviews, and goes on with one of them', async () => {
    const evts: string[] = [];
    for (let place = 0; place < 5; place++) {
      const evt = nextEvt();
      evts.push(evt);
      expect(await open('p-one', `${place}${CHILD.slice(1)}`, evt)).toHaveProperty('window');
    }
    expect(await open('p-one', SIBLING)).toEqual({ refused: 'REVIEWS_OWED' });
    expect(await open('p-one', `0${CHILD.slice(1)}`)).toMatchObject({ window: { evt: evts[0] } });
    await age('2 hours');
    expect(await open('p-one', SIBLING)).toEqual({ refused: 'REVIEWS_OWED' });
    expect(await open('p-two', SIBLING)).toHaveProperty('window');
    expect(await review([evts[3] as string], 'JUSTIFIED')).toBe(204);
    expect(await open('p-one', SIBLING)).toHaveProperty('window');
  });

  test.each([['p-suspended'], ['p-nobody'], ['gateway']])('opens nothing to %s', async (sub) => {
    expect(await open(sub, CHILD)).toEqual({ refused: 'NO_ACCOUNT' });
    expect(await rows()).toHaveLength(0);
  });

  test.each<[string, Partial<TestGrant>]>([
    ['for another child', { body: overrideDigest(SIBLING) }],
    ['for something else', { body: principalDigest(CHILD) }],
    ['that is over', { iat: IAT - 60, exp: IAT - 30 }],
    ['for another subgraph', { aud: 'directory' }],
  ])('a grant %s opens nothing', async (_case, claims) => {
    expect(await open('p-one', CHILD, nextEvt(), claims)).toBeNull();
    expect(await rows()).toHaveLength(0);
  });
});

describe('POST /principals', () => {
  test('says which windows are open, and nothing where none is', async () => {
    expect(await windowsOf('p-one')).toBeUndefined();
    const evt = nextEvt();
    await open('p-one', CHILD, evt);
    expect(await windowsOf('p-one')).toEqual([{ child: CHILD, evt, until: NEXT_HOUR }]);
    await age('60 minutes');
    expect(await windowsOf('p-one')).toBeUndefined();
  });
});

describe('POST /overrides/reviewed', () => {
  test('JUSTIFIED leaves the window open for its hour', async () => {
    const evt = nextEvt();
    await open('p-one', CHILD, evt);
    expect(await review([evt], 'JUSTIFIED')).toBe(204);
    expect(await windowsOf('p-one')).toMatchObject([{ evt, until: NEXT_HOUR }]);
  });

  test('UNJUSTIFIED ends it, and no later verdict softens that', async () => {
    const evt = nextEvt();
    await open('p-one', CHILD, evt);
    for (const outcome of ['UNJUSTIFIED', 'UNJUSTIFIED', 'JUSTIFIED'])
      expect(await review([evt], outcome)).toBe(204);
    expect(await windowsOf('p-one')).toBeUndefined();
    expect(await rows()).toMatchObject([{ outcome: 'UNJUSTIFIED', reviewed_at: NOW.toISOString() }]);
  });

  test('of a window that nobody has changes nothing', async () => {
    await open('p-one', CHILD);
    expect(await review(['0'.repeat(64)], 'UNJUSTIFIED')).toBe(204);
    expect(await rows()).toMatchObject([{ outcome: null, reviewed_at: null }]);
  });

  test('is for the gateway alone', async () => {
    const evt = nextEvt();
    await open('p-one', CHILD, evt);
    const claims = { iat: IAT, exp: IAT + 30, sub: 'p-one', role: 'mash-screener' };
    const path = '/overrides/reviewed';
    const content = { windows: [evt], outcome: 'JUSTIFIED' };
    const body = await testSystemBody(TEST_KEYS, 'accreditation', path, content, claims);
    expect((await send(path, body)).status).toBe(401);
    expect(await rows()).toMatchObject([{ reviewed_at: null }]);
  });
});
