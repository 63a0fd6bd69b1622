import type { AccessEvent } from '@contactpoint/audit-log/access-event';
import { encodeAccessEvent } from '@contactpoint/audit-log/encode-access-event';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessEvent, CHILD, SIBLING, startOversight, type TestOversight } from './testing/oversight.ts';

const FIELDS = `origin index at practitionerId role organisationId purpose reason onBehalfOf breakGlass operationName
  operationHash outcome subjects { childId released withheld policies categories }`;
const EVENTS = `query ($filter: AccessEventFilter!, $first: Int, $after: String) {
  accessEvents(filter: $filter, first: $first, after: $after) { events { ${FIELDS} } endCursor hasNextPage } }`;

let oversight: TestOversight;

beforeAll(async () => {
  oversight = await startOversight();
});
afterAll(async () => {
  await oversight[Symbol.asyncDispose]();
});

async function found(filter: object): Promise<{ index: string }[]> {
  const { data, errors } = await oversight.ask(EVENTS, { filter });
  expect(errors).toBeUndefined();
  return data.accessEvents.events;
}

describe('accessEvents', () => {
  test('finds an access that was recorded just before, as it was recorded', async () => {
    const receipt = await oversight.record({ practitioner: 'p-just-now' });
    expect(await found({ practitionerId: 'p-just-now' })).toEqual([
      {
        origin: receipt.origin,
        index: String(receipt.index),
        at: '2026-11-22T10:15:00.000Z',
        practitionerId: 'p-just-now',
        role: 'social-worker',
        organisationId: 'LA-975',
        purpose: 'S47',
        reason: 'strategy discussion today',
        onBehalfOf: null,
        breakGlass: false,
        operationName: 'View',
        operationHash: 'ab'.repeat(32),
        outcome: 'RELEASED',
        subjects: [
          {
            childId: CHILD,
            released: ['Child.familyName'],
            withheld: ['Child.conditions'],
            policies: ['sw-s47'],
            categories: ['IDENTITY'],
          },
        ],
      },
    ]);
  });

  test.each<[string, Partial<AccessEvent>, object]>([
    ['child', { subjects: [subject('FILTERED00000000')] }, { childId: 'FILTERED00000000' }],
    ['practitioner', { practitioner: 'p-filtered' }, { practitionerId: 'p-filtered' }],
    ['organisation', { organisation: 'LA-filtered' }, { organisationId: 'LA-filtered' }],
    ['purpose', { purpose: 'filtered' }, { purpose: 'filtered' }],
    ['outcome', { outcome: 'PARTIAL' }, { outcome: 'PARTIAL' }],
    [
      'whether it names a child',
      { practitioner: 'p-asks-nothing', subjects: [] },
      { practitionerId: 'p-asks-nothing', namesChild: false },
    ],
    [
      'period',
      { at: '2020-01-01T00:00:00.000Z' },
      { from: '2020-01-01T00:00:00Z', to: '2020-01-01T01:00:00+00:00' },
    ],
  ])('filters by %s', async (_case, event, filter) => {
    const { index } = await oversight.record(event);
    expect((await found(filter)).map((each) => each.index)).toEqual([String(index)]);
  });

  test('filters by all of them at once, in every combination', async () => {
    const wanted = {
      practitioner: 'p-combined',
      organisation: 'LA-combined',
      purpose: 'DC',
      outcome: 'PARTIAL' as const,
      at: '2017-03-01T12:00:00.000Z',
      subjects: [subject('C0MB1NED00000000')],
    };
    const others: Partial<AccessEvent>[] = [
      { practitioner: 'p-other' },
      { organisation: 'LA-other' },
      { purpose: 'ED' },
      { outcome: 'RELEASED' },
      { at: '2017-02-28T12:00:00.000Z' },
      { at: '2017-03-02T12:00:00.000Z' },
      { subjects: [subject(SIBLING)] },
    ];
    const { index } = await oversight.record(wanted);
    for (const other of others) await oversight.record({ ...wanted, ...other });
    const parts: readonly [string, unknown][] = [
      ['childId', 'C0MB1NED00000000'],
      ['practitionerId', 'p-combined'],
      ['organisationId', 'LA-combined'],
      ['purpose', 'DC'],
      ['outcome', 'PARTIAL'],
      ['from', '2017-03-01T00:00:00Z'],
      ['to', '2017-03-02T00:00:00Z'],
    ];
    const excludes = [[6], [0], [1], [2], [3], [4], [5]];
    for (let chosen = 0; chosen < 1 << parts.length; chosen++) {
      const given = parts.filter((_part, place) => chosen & (1 << place));
      const filter = Object.fromEntries([
        ...given,
        ...(chosen & 0b1100000 ? [] : [['to', '2018-01-01T00:00:00Z']]),
      ]);
      const left =
        others.length -
        given.flatMap(([name]) => excludes[parts.findIndex(([each]) => each === name)]).length;
      const seen = await found({ from: '2017-01-01T00:00:00Z', to: '2018-01-01T00:00:00Z', ...filter });
      expect(seen.map((each) => each.index)).toContain(String(index));
      expect(seen).toHaveLength(1 + left);
    }
  });

  test('events that name no child crowd out none that does, and are there where they are not left out', async () => {
    const practitionerId = 'p-among-introspection';
    const { index } = await oversight.record({
      practitioner: practitionerId,
      at: '2016-01-01T10:00:00.000Z',
    });
    for (let minute = 10; minute < 20; minute++)
      await oversight.record({
        practitioner: practitionerId,
        at: `2016-01-01T11:${minute}:00.000Z`,
        subjects: [],
      });
    expect((await found({ practitionerId, namesChild: true })).map((each) => each.index)).toEqual([
      String(index),
    ]);
    expect(await found({ practitionerId, namesChild: false })).toHaveLength(10);
    expect(await found({ practitionerId })).toHaveLength(11);
    expect(await found({ practitionerId, namesChild: null })).toHaveLength(11);
  });

  test('the end of a period does not belong to it', async () => {
    await oversight.record({ practitioner: 'p-period', at: '2019-05-01T12:00:00.000Z' });
    const period = (from: string, to: string) => found({ practitionerId: 'p-period', from, to });
    expect(await period('2019-05-01T12:00:00Z', '2019-05-01T12:00:01Z')).toHaveLength(1);
    expect(await period('2019-05-01T11:00:00Z', '2019-05-01T12:00:00Z')).toHaveLength(0);
  });

  test('gives pages, newest first, that a new event does not move', async () => {
    const times = ['09', '12', '10', '11', '08'].map((hour) => `2026-01-01T${hour}:00:00.000Z`);
    for (const at of times) await oversight.record({ practitioner: 'p-pages', at });
    const seen: string[] = [];
    let after: string | null = null;
    for (let page = 0; page < 3; page++) {
      const { data } = await oversight.ask(EVENTS, {
        filter: { practitionerId: 'p-pages' },
        first: 2,
        after,
      });
      seen.push(...data.accessEvents.events.map(({ at }: { at: string }) => at));
      expect(data.accessEvents.hasNextPage).toBe(page < 2);
      after = data.accessEvents.endCursor;
      await oversight.record({ practitioner: 'p-pages' });
    }
    expect(seen).toEqual([...times].sort().reverse());
  });

  test('events of one instant are paged without loss', async () => {
    await Promise.all(Array.from({ length: 5 }, () => oversight.record({ practitioner: 'p-instant' })));
    const seen = new Set<string>();
    let after: string | null = null;
    do {
      const { data } = await oversight.ask(EVENTS, {
        filter: { practitionerId: 'p-instant' },
        first: 2,
        after,
      });
      for (const { index } of data.accessEvents.events) seen.add(index);
      after = data.accessEvents.hasNextPage ? data.accessEvents.endCursor : null;
    } while (after !== null);
    expect(seen.size).toBe(5);
  });

  test.each([
    ['an auditor browses', 'auditor', {}, undefined],
    ['another role may not', 'administrator', {}, 'BAD_USER_INPUT'],
    ['nor by a purpose alone', 'administrator', { purpose: 'S47' }, 'BAD_USER_INPUT'],
    ['but may ask of an organisation', 'administrator', { organisationId: 'LA-975' }, undefined],
  ])('%s', async (_case, role, filter, code) => {
    const { errors } = await oversight.ask(EVENTS, { filter }, { role });
    expect(errors?.[0]?.extensions.code).toBe(code);
  });

  test.each([
    ['a page of none', { first: 0 }],
    ['a page too large', { first: 201 }],
    ['a cursor that is none', { after: 'x' }],
    [
      'a cursor with SQL in it',
      { after: Buffer.from(`["2026-01-01T00:00:00.000Z","'; drop","1;"]`).toString('base64url') },
    ],
    ['a day in place of a time', { filter: { from: '2026-01-01' } }],
    ['a number in place of a time', { filter: { to: 5 } }],
  ])('refuses %s', async (_case, variables) => {
    const { errors } = await oversight.ask(EVENTS, { filter: {}, ...variables });
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  test('shows a refusal of an unknown caller, an import and both events of a mutation', async () => {
    const period = { from: '2018-01-01T00:00:00Z', to: '2018-01-02T00:00:00Z' };
    const at = '2018-01-01T09:00:00.000Z';
    const nonce = 'ab'.repeat(16);
    const { practitioner: _p, role: _r, organisation: _o, ...unknown } = accessEvent({ ...bare(at) });
    const [counted] = encodeAccessEvent({ ...unknown, kind: 'refusal-count', outcome: 'REFUSED' });
    await oversight.log.append(counted ?? new Uint8Array());
    await oversight.record({ ...bare(at), kind: 'import', practitioner: 'p-import' });
    const intent = await oversight.record({ ...bare(at), kind: 'intent', nonce });
    await oversight.record({ ...bare(at), kind: 'outcome', nonce, intentIndex: intent.index });
    const events = (await found(period)) as unknown as { practitionerId: string | null }[];
    expect(events.map(({ practitionerId }) => practitionerId)).toEqual([
      'p-social-worker',
      'p-social-worker',
      'p-import',
      null,
    ]);
  });

  test('who read for a colleague is named as the reader, and found under both names', async () => {
    await oversight.record({ practitioner: 'p-colleague', mediator: 'p-mediator' });
    for (const practitionerId of ['p-colleague', 'p-mediator']) {
      expect(await found({ practitionerId })).toMatchObject([
        { practitionerId: 'p-mediator', onBehalfOf: 'p-colleague' },
      ]);
    }
  });

  test('an event of several parts is one event under its receipt', async () => {
    const subjects = Array.from({ length: 1_500 }, (_, index) => subject(String(index).padStart(16, '0')));
    const receipt = await oversight.record({ practitioner: 'p-many', subjects });
    const [event, ...more] = (await found({ practitionerId: 'p-many' })) as unknown as {
      index: string;
      subjects: { childId: string }[];
    }[];
    expect(more).toEqual([]);
    expect(event?.index).toBe(String(receipt.index));
    expect(event?.subjects.map(({ childId }) => childId)).toEqual(subjects.map(({ child }) => child));
  });

  test('the nonce is in no answer and in no row', async () => {
    const nonce = `${'c0ffee'.repeat(5)}aa`;
    await oversight.record({ practitioner: 'p-nonce', nonce });
    const { data } = await oversight.ask(EVENTS, { filter: { practitionerId: 'p-nonce' } });
    expect(JSON.stringify(data)).not.toContain('c0ffee');
    const rows = await oversight.subgraph.store`select event::text from access_event as event`;
    expect(JSON.stringify(rows)).not.toContain('c0ffee');
  });
});

describe('scopes', () => {
  test('reason is for those who review; the rest of the event is not held back', async () => {
    await oversight.record({ practitioner: 'p-reason' });
    const { data, errors } = await oversight.ask(
      EVENTS,
      { filter: { practitionerId: 'p-reason' } },
      { scopes: ['audit:read'] },
    );
    expect(data.accessEvents.events).toMatchObject([{ practitionerId: 'p-reason', reason: null }]);
    expect(JSON.stringify(data)).not.toContain('strategy');
    expect(errors ?? []).toSatisfy((all: { extensions: { code: string } }[]) =>
      all.every(({ extensions }) => extensions.code === 'UNAUTHORIZED_FIELD_OR_TYPE'),
    );
  });

  test.each([
    ['events', `{ accessEvents(filter: {}) { events { index } } }`],
    ['a statement', `{ accessStatement(childId: "${CHILD}") { events { index } } }`],
    ['checkpoints', `{ checkpoints { origin } }`],
    ['a proof', `{ inclusionProof(origin: "x", index: "0") { path } }`],
    ['alerts', `{ alerts { alerts { id } } }`],
    ['holds', `{ lawfulHolds { holds { id } } }`],
    ['prunings', `{ prunings { prunings { index } } }`],
    ['a hold', `mutation { placeLawfulHold(hold: { childId: "${CHILD}", reference: "Order 1" }) { id } }`],
    ['the end of one', `mutation { endLawfulHold(childId: "${CHILD}", id: "x") { id } }`],
    [
      'a review',
      `mutation { reviewOverride(origin: "x", index: "0", outcome: JUSTIFIED, note: "long enough") { index } }`,
    ],
  ])('without one there is no way to %s', async (_case, query) => {
    const { data } = await oversight.ask(query, {}, { scopes: [] });
    expect(Object.values(data ?? {}).every((value) => value === null)).toBe(true);
  });
});

function subject(child: string) {
  return { child, released: ['Child.names'], withheld: [], policies: [] };
}

function bare(at: string): Partial<AccessEvent> {
  return { at, practitioner: 'p-social-worker', role: 'social-worker', organisation: 'LA-975', subjects: [] };
}
