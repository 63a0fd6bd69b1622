import { connect, type Store } from '@contactpoint/subgraph-kit/store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Projection } from '../projection/projection.ts';
import { CHILD, startOversight, type TestOversight } from '../testing/oversight.ts';
import { alertsOf } from '../testing/readings.ts';

let oversight: TestOversight;

beforeEach(async () => {
  oversight = await startOversight();
});
afterEach(async () => {
  await oversight[Symbol.asyncDispose]();
});

const alerts = () => alertsOf(oversight, 'RECORD_LIMIT');

const overLimit = {
  outcome: 'REFUSED',
  refusal: { code: 'RECORD_LIMIT_EXCEEDED', detail: 'recordsPerHour' },
} as const;

describe('a refusal because of a limit', () => {
  test('raises an alert that refers to it and says whose it is, and nothing of the child', async () => {
    const { origin, index } = await oversight.record(overLimit);
    const found = await alerts();
    expect(found).toEqual([
      {
        rule: 'RECORD_LIMIT',
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

  test('raises one a practitioner and hour, with its first event', async () => {
    const first = await oversight.record({ ...overLimit, at: '2026-11-22T10:01:00.000Z' });
    await oversight.record({ ...overLimit, at: '2026-11-22T10:59:59.000Z' });
    expect(await alerts()).toMatchObject([{ events: [{ index: String(first.index) }] }]);
    await oversight.record({ ...overLimit, at: '2026-11-22T10:40:00.000Z' });
    expect(await alerts()).toHaveLength(1);
    await oversight.record({ ...overLimit, at: '2026-11-22T11:00:00.000Z' });
    expect(await alerts()).toHaveLength(2);
    await oversight.record({ ...overLimit, practitioner: 'p-teacher' });
    expect(await alerts()).toHaveLength(3);
  });

  test('for a colleague is the mediator’s', async () => {
    await oversight.record({ ...overLimit, practitioner: 'p-colleague', mediator: 'p-mediator' });
    expect(await alerts()).toMatchObject([{ practitionerId: 'p-mediator' }]);
  });

  test('because of anything else raises none', async () => {
    await oversight.record({ outcome: 'REFUSED', refusal: { code: 'ACCREDITATION_LAPSED' } });
    expect(await alerts()).toEqual([]);
  });

  test('raises nothing again when the rows are made again', async () => {
    await oversight.record(overLimit);
    const before = await alerts();
    const audit: Store = connect(oversight.database.readerUrl, { max: 1 });
    await new Projection({ store: oversight.subgraph.store, audit }).rebuild();
    await audit.end();
    expect(await alerts()).toEqual(before);
  });
});
