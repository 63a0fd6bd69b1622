import type { AccessEvent } from '@contactpoint/audit-log/access-event';
import { connect, type Store } from '@contactpoint/subgraph-kit/store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Projection } from '../../projection/projection.ts';
import { startOversight, type TestOversight } from '../../testing/oversight.ts';
import { alertsOf, showing } from '../../testing/readings.ts';

let oversight: TestOversight;
beforeEach(async () => {
  oversight = await startOversight();
});
afterEach(() => oversight?.[Symbol.asyncDispose]());

const at = (day: number, minute = 0) => new Date(Date.UTC(2026, 9, day, 9, minute)).toISOString();
const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, place) => from + place);

/** Five days of so many children each, for each of so many people. */
async function peers(people: number, event: Partial<AccessEvent> = {}, children = 6): Promise<void> {
  for (let person = 0; person < people; person++) {
    for (const day of [1, 2, 5, 6, 7]) {
      await oversight.record(
        showing(numbers(children), {
          practitioner: `${event.organisation ?? 'peer'}-${person}`,
          at: at(day),
          ...event,
        }),
      );
    }
  }
}

/** One child after the other, on one day. */
async function browse(children: number, event: object = {}) {
  const receipts = [];
  for (const child of numbers(children)) {
    receipts.push(
      await oversight.record(showing([child], { practitioner: 'p-browser', at: at(12, child), ...event })),
    );
  }
  return receipts;
}

const raised = () => alertsOf(oversight, 'VOLUME_ABOVE_PEERS');

describe('VOLUME_ABOVE_PEERS', () => {
  test('is raised by the child that is one too many, with the events that led there', async () => {
    await peers(8);
    const receipts = await browse(23);
    const alerts = await raised();
    expect(alerts).toMatchObject([{ practitionerId: 'p-browser', organisationId: 'LA-975', at: at(12, 20) }]);
    expect(alerts[0]?.events.map(({ index }) => index).toSorted()).toEqual(
      receipts
        .slice(0, 21)
        .map(({ index }) => String(index))
        .toSorted(),
    );
    expect(alerts[0]?.note).toBe('More than 20 children in a day, which is far above peers');
  });

  test('leaves alone who is at the limit, and the same children again and again', async () => {
    await peers(8);
    await browse(20);
    await browse(20);
    expect(await raised()).toEqual([]);
  });

  test('leaves alone what was asked for and not shown', async () => {
    await peers(8);
    for (const child of numbers(30)) {
      const [subject] = showing([child]).subjects ?? [];
      if (subject === undefined) throw new Error('a child');
      const subjects = [{ ...subject, released: [], withheld: ['Child.familyName'] }];
      await oversight.record({ practitioner: 'p-browser', at: at(12), subjects });
    }
    expect(await raised()).toEqual([]);
  });

  test('leaves alone who has too few peers, or peers in other work', async () => {
    await peers(7);
    await peers(8, { role: 'school-nurse', organisation: 'TRUST-01' });
    await browse(60);
    expect(await raised()).toEqual([]);
  });

  test('measures by the organisation where it has enough people, else by the role', async () => {
    await peers(9, { organisation: 'LA-976' }, 30);
    await browse(30);
    expect(await raised()).toEqual([]);
    await peers(8);
    await browse(31);
    expect(await raised()).toHaveLength(1);
  });

  test('takes peers from the days before, no longer than four weeks back', async () => {
    await peers(8);
    await browse(40, { at: '2026-11-20T10:00:00.000Z' });
    expect(await raised()).toEqual([]);
  });

  test('raises the same, once, when the rows are made again', async () => {
    await peers(8);
    await browse(25);
    const before = await raised();
    expect(before).toHaveLength(1);
    const audit: Store = connect(oversight.database.readerUrl, { max: 1 });
    for (const kept of [true, false]) {
      if (!kept) await oversight.subgraph.store`truncate alert, alert_event, reader_day`;
      await new Projection({ store: oversight.subgraph.store, audit }).rebuild();
      expect(await raised()).toEqual(before);
    }
    await audit.end();
  });
});
