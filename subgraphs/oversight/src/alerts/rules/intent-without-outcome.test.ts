import { randomBytes } from 'node:crypto';
import type { AccessEvent } from '@contactpoint/audit-log/access-event';
import type { LeafReceipt } from '@contactpoint/audit-log/audit-log';
import { encodeAccessEvent } from '@contactpoint/audit-log/encode-access-event';
import { inTransaction } from '@contactpoint/subgraph-kit/transaction';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessEvent, startOversight, type TestOversight } from '../../testing/oversight.ts';
import { alertsOf } from '../../testing/readings.ts';
import { DEFAULT_ALERT_SETTINGS } from '../settings.ts';
import { intentWithoutOutcome } from './intent-without-outcome.ts';

let oversight: TestOversight;
let people = 0;
beforeAll(async () => {
  oversight = await startOversight();
});
afterAll(() => oversight?.[Symbol.asyncDispose]());

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const nonce = () => randomBytes(16).toString('hex');
const alerts = () => alertsOf(oversight, 'INTENT_WITHOUT_OUTCOME');
const raisedFor = async (practitioner: string) =>
  (await alerts()).filter(({ practitionerId }) => practitionerId === practitioner);

describe('INTENT_WITHOUT_OUTCOME', () => {
  test('is raised once for an intent that nothing followed, by reference', async () => {
    const at = minutesAgo(5.1);
    const { origin, index } = await oversight.record({ kind: 'intent', at, practitioner: 'p-gone' });
    for (let twice = 0; twice < 2; twice++) {
      expect(await raisedFor('p-gone')).toEqual([
        {
          rule: 'INTENT_WITHOUT_OUTCOME',
          ...{ at, practitionerId: 'p-gone', organisationId: 'LA-975', note: `${origin} ${index}` },
          events: [{ origin, index: String(index) }],
        },
      ]);
    }
  });

  test('leaves alone what is still under way', async () => {
    await oversight.record({ kind: 'intent', at: minutesAgo(4.5), practitioner: 'p-busy' });
    expect(await raisedFor('p-busy')).toEqual([]);
  });

  test.each(['RELEASED', 'PARTIAL', 'REFUSED'] as const)('leaves alone what ended %s', async (outcome) => {
    const practitioner = `p-${people++}`;
    const event = { practitioner, at: minutesAgo(60), nonce: nonce() };
    const { index } = await oversight.record({ ...event, kind: 'intent' });
    await oversight.record({ ...event, kind: 'outcome', outcome, intentIndex: index });
    expect(await raisedFor(practitioner)).toEqual([]);
  });

  test('is not taken for the outcome of another one', async () => {
    const event = { practitioner: 'p-two', at: minutesAgo(60) };
    const first = await oversight.record({ ...event, kind: 'intent', nonce: nonce() });
    const other = nonce();
    const second = await oversight.record({ ...event, kind: 'intent', nonce: other });
    await oversight.record({ ...event, kind: 'outcome', nonce: other, intentIndex: second.index });
    expect(await raisedFor('p-two')).toMatchObject([{ events: [{ index: String(first.index) }] }]);
  });

  test('is raised for the gateway’s own deeds', async () => {
    const own = { practitioner: 'gateway', role: 'gateway', organisation: 'gateway', subjects: [] };
    await oversight.record({ ...own, kind: 'intent', at: minutesAgo(6) });
    expect(await raisedFor('gateway')).toHaveLength(1);
  });

  test('is raised in its time for one that a gateway’s clock dates far ahead', async () => {
    await oversight.record({ kind: 'intent', at: '2099-01-01T00:00:00.000Z', practitioner: 'p-ahead' });
    expect(await raisedFor('p-ahead')).toEqual([]);
    const later = new Date(Date.now() + 330_000);
    const found = await inTransaction(oversight.subgraph.store, (sql) =>
      intentWithoutOutcome(sql, later, DEFAULT_ALERT_SETTINGS),
    );
    expect(found.map(({ practitionerId }) => practitionerId)).toContain('p-ahead');
  });

  test('gives an import a day, whose outcome has a name of its own', async () => {
    const { index: intentIndex } = await recordImport({ kind: 'intent', at: minutesAgo(3_000) });
    await recordImport({ kind: 'import', at: minutesAgo(2_990), intentIndex });
    const lost = await recordImport({ kind: 'intent', at: minutesAgo(1_441) });
    await recordImport({ kind: 'intent', at: minutesAgo(1_439) });
    expect((await alerts()).filter(({ practitionerId }) => practitionerId === null)).toMatchObject([
      { events: [{ index: String(lost.index) }] },
    ]);
  });
});

/** An import is nobody's. */
async function recordImport(event: Partial<AccessEvent>): Promise<LeafReceipt> {
  const {
    practitioner: _,
    role: __,
    organisation: ___,
    ...nobodys
  } = accessEvent({ ...event, subjects: [] });
  const [leaf] = encodeAccessEvent(nobodys);
  if (leaf === undefined) throw new Error('an event has at least one part');
  return await oversight.log.append(leaf);
}
