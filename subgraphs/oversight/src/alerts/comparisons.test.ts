import { connect, type Store } from '@contactpoint/subgraph-kit/store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Projection } from '../projection/projection.ts';
import { startOversight, type TestOversight } from '../testing/oversight.ts';
import { alertsOf, childOf, compare, NOTHING, owedDays, sendTo, showing } from '../testing/readings.ts';

let oversight: TestOversight;
beforeEach(async () => {
  oversight = await startOversight();
});
afterEach(() => oversight?.[Symbol.asyncDispose]());

const at = '2026-11-17T10:15:00.000Z';
const [ONE, TWO] = [childOf(1), childOf(2)];
const own = { [ONE]: { ownChild: true } };
const raised = () => alertsOf(oversight, 'OWN_FAMILY_NAME');

describe('what is owed', () => {
  test('is whom a reader met on a day in London, each once, and where', async () => {
    await oversight.record(showing([2, 1], { at }));
    await oversight.record(showing([1], { at: '2026-11-17T15:00:00.000Z', organisation: 'LA-976' }));
    await oversight.record(showing([1], { at: '2026-07-14T23:30:00.000Z', practitioner: 'p-late' }));
    const worker = { practitionerId: 'p-social-worker', organisationId: 'LA-975', day: '2026-11-17' };
    expect(await owedDays(oversight)).toEqual([
      { practitionerId: 'p-late', organisationId: 'LA-975', day: '2026-07-15', children: [ONE] },
      { ...worker, children: [ONE, TWO].toSorted() },
    ]);
  });

  test('is the mediator’s; of the gateway, of auditors and of imports it is nothing', async () => {
    await oversight.record(showing([1], { at, mediator: 'p-mediator' }));
    for (const role of ['gateway', 'auditor', 'accreditation-officer', 'publisher', 'administrator'])
      await oversight.record(showing([2], { at, role, practitioner: `p-${role}` }));
    await oversight.record(showing([2], { at, kind: 'import', practitioner: 'p-import' }));
    expect((await owedDays(oversight)).map(({ practitionerId }) => practitionerId)).toEqual(['p-mediator']);
  });

  test('is lent for half a minute, and comes back when it was not brought back', async () => {
    await oversight.record(showing([1], { at }));
    expect(await owedDays(oversight)).toHaveLength(1);
    expect(await owedDays(oversight)).toEqual([]);
    await oversight.subgraph.store`update child_reading set lent_until = lent_until - interval '31 seconds'`;
    expect(await owedDays(oversight)).toHaveLength(1);
  });

  test('is no more at once than fits, and a long day by itself', async () => {
    const { store } = oversight.subgraph;
    for (const [practitioner, children] of [
      ['p-1', 2_500],
      ['p-2', 1_200],
      ['p-3', 800],
      ['p-4', 1],
    ] as const)
      await store`
        insert into child_reading (practitioner_id, day, child_id, role, organisation_id, at, origin, index, opened)
        select ${practitioner}, '2026-11-17', n, 'social-worker', 'LA-975', ${at}, 'log', n, true
        from generate_series(1, ${children}::int) as n`;
    const lent: string[][] = [];
    for (let turn = 0; turn < 4; turn++)
      lent.push((await owedDays(oversight)).map((day) => day.practitionerId));
    expect(lent).toEqual([['p-1'], ['p-2', 'p-3'], ['p-4'], []]);
  });

  test('is a whole day again when somebody is met later on it', async () => {
    await oversight.record(showing([1], { at }));
    await compare(oversight);
    expect(await owedDays(oversight)).toEqual([]);
    await oversight.record(showing([2], { at }));
    expect(await owedDays(oversight)).toMatchObject([{ children: [ONE, TWO].toSorted() }]);
  });

  test('is asked for once more when a candidate of a search is opened', async () => {
    await oversight.record(showing([1], { at, searches: { asked: 1, missed: 0 } }));
    await compare(oversight);
    await oversight.record(showing([1], { at, searches: { asked: 1, missed: 0 } }));
    expect(await owedDays(oversight)).toEqual([]);
    await oversight.record(showing([1], { at }));
    expect(await owedDays(oversight)).toHaveLength(1);
  });

  test('is for the gateway alone, and takes nothing but yes and no', async () => {
    await oversight.record(showing([1], { at }));
    const [day] = await owedDays(oversight);
    const days = (more: object) => ({
      days: [
        {
          practitionerId: day?.practitionerId,
          day: day?.day,
          children: [{ childId: ONE, ...NOTHING, ...more }],
        },
      ],
    });
    expect((await sendTo(oversight, '/alerts/owed', {}, 'auditor')).status).toBe(401);
    expect((await sendTo(oversight, '/alerts/compared', days({}), 'auditor')).status).toBe(401);
    for (const wrong of [{ familyName: 'Okafor' }, { ownFamily: 'Okafor' }, { household: 'Mill Lane' }])
      expect((await sendTo(oversight, '/alerts/compared', days(wrong))).status).toBe(400);
    expect((await sendTo(oversight, '/alerts/compared', days({ ownFamily: true }))).status).toBe(204);
  });
});

describe('what came of it', () => {
  test('becomes an alert that says whose it is and refers to the event, and nothing of the child', async () => {
    const { origin, index } = await oversight.record(showing([1], { at }));
    await oversight.record(showing([1], { at: '2026-11-17T11:00:00.000Z' }));
    await compare(oversight, own);
    const alerts = await raised();
    expect(alerts).toEqual([
      {
        rule: 'OWN_FAMILY_NAME',
        ...{ at, practitionerId: 'p-social-worker', organisationId: 'LA-975' },
        note: 'A child with a name of the reader’s own',
        events: [{ origin, index: String(index) }],
      },
    ]);
    const rows = await oversight.subgraph.store`select alert::text as row from alert`;
    expect(JSON.stringify([alerts, rows])).not.toContain(ONE);
  });

  test('counts for those alone who were owed', async () => {
    await oversight.record(showing([1], { at }));
    const children = [ONE, TWO].map((childId) => ({ childId, ...NOTHING, ownChild: true }));
    const days = [{ practitionerId: 'p-other', day: '2026-11-17', children }];
    expect((await sendTo(oversight, '/alerts/compared', { days })).status).toBe(204);
    expect(await raised()).toEqual([]);
    expect(await owedDays(oversight)).toHaveLength(1);
  });

  test('stays what it is when it is brought twice, and when the rows are made again', async () => {
    await oversight.record(showing([1, 2], { at }));
    const [day] = await owedDays(oversight);
    const children = [{ childId: ONE, ...NOTHING, ownChild: true }];
    const days = [{ practitionerId: day?.practitionerId, day: day?.day, children }];
    for (let twice = 0; twice < 2; twice++) await sendTo(oversight, '/alerts/compared', { days });
    const before = await raised();
    expect(before).toHaveLength(1);
    await oversight.subgraph.store`update child_reading set lent_until = null`;
    expect(await owedDays(oversight)).toHaveLength(1);
    await compare(oversight, own);

    const audit: Store = connect(oversight.database.readerUrl, { max: 1 });
    await new Projection({ store: oversight.subgraph.store, audit }).rebuild();
    await audit.end();
    expect(await owedDays(oversight)).toEqual([]);
    expect(await raised()).toEqual(before);
  });
});

describe('FAMOUS_CHILD', () => {
  const NEVER = { [ONE]: { related: false, given: false } };

  async function crowd(people: number, event: object = {}, comparisons: object = NEVER): Promise<number> {
    for (let person = 0; person < people; person++) {
      const time = new Date(Date.parse(at) + person * 60_000).toISOString();
      await oversight.record(showing([1], { at: time, practitioner: `p-${person}`, ...event }));
    }
    await compare(oversight, comparisons as typeof NEVER);
    return (await alertsOf(oversight, 'FAMOUS_CHILD')).length;
  }

  test('is raised for each of eight who have nothing to do with the child, and for who comes after', async () => {
    expect(await crowd(8)).toBe(8);
    const alerts = await alertsOf(oversight, 'FAMOUS_CHILD');
    expect(new Set(alerts.map(({ practitionerId }) => practitionerId)).size).toBe(8);
    expect(alerts.map((alert) => alert.at)).toEqual(alerts.map(() => '2026-11-17T10:22:00.000Z'));
    await oversight.record(showing([1], { at: '2026-11-17T12:00:00.000Z', practitioner: 'p-late' }));
    await compare(oversight, NEVER);
    expect(await alertsOf(oversight, 'FAMOUS_CHILD')).toHaveLength(9);
  });

  test.each<[string, number, object, object]>([
    ['seven', 7, {}, NEVER],
    ['a conference', 12, {}, {}],
    ['a search that shows the child to many', 12, { searches: { asked: 1, missed: 0 } }, NEVER],
    ['a number that nobody has', 12, {}, { [ONE]: { known: false, related: false } }],
  ])('is not for %s', async (_case, people, event, comparisons) => {
    expect(await crowd(people, event, comparisons)).toBe(0);
  });

  test('is not for four on each of two days', async () => {
    await crowd(4, { at: '2026-11-17T10:00:00.000Z' });
    expect(await crowd(4, { at: '2026-11-18T10:00:00.000Z' })).toBe(0);
  });
});

describe('NO_RELATIONSHIP_MADE', () => {
  const NEVER = { related: false, given: false };
  const made = () => alertsOf(oversight, 'NO_RELATIONSHIP_MADE');

  test('is asked once more when the days are over, and raised where none was made', async () => {
    const now = new Date().toISOString();
    const { origin, index } = await oversight.record(showing([1, 2], { at: now }));
    await compare(oversight, { [ONE]: NEVER });
    expect(await made()).toEqual([]);
    expect(await owedDays(oversight)).toEqual([]);

    await daysLater();
    expect(await compare(oversight, { [ONE]: NEVER })).toHaveLength(1);
    expect(await made()).toMatchObject([
      { at: now, practitionerId: 'p-social-worker', events: [{ origin, index: String(index) }] },
    ]);
    expect(await owedDays(oversight)).toEqual([]);
  });

  test('is not where one was made meanwhile', async () => {
    await oversight.record(showing([1], { at: new Date().toISOString() }));
    await compare(oversight, { [ONE]: NEVER });
    await daysLater();
    expect(await compare(oversight, { [ONE]: { related: true, given: false } })).toHaveLength(1);
    expect(await made()).toEqual([]);
    expect(await owedDays(oversight)).toEqual([]);
  });

  /** The day of the access, and with it what follows from it, four days ago. */
  async function daysLater(): Promise<void> {
    await oversight.subgraph.store`
      update child_reading set day = day - 4, look_again_at = look_again_at - interval '4 days'`;
  }
});
