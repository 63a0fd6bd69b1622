import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessEvent, CHILD, SIBLING, startOversight, type TestOversight } from '../testing/oversight.ts';

const STATEMENT = `query ($childId: ID!, $from: Date, $to: Date) {
  accessStatement(childId: $childId, from: $from, to: $to) {
    childId childIds from to
    events { at practitionerId organisationId purpose breakGlass outcome
      subjects { childId released withheld categories } }
    checkpoint { origin } } }`;

let oversight: TestOversight;
let made = 0;

beforeAll(async () => {
  oversight = await startOversight();
});
afterAll(() => oversight?.[Symbol.asyncDispose]());

/** A child of whom nothing is on record. */
const newChild = () => `ST${String(made++).padStart(14, '0')}`;
const subject = (child: string, released = ['Child.familyName'], withheld: string[] = []) => ({
  ...{ child, released, withheld, policies: [] },
});

async function statementOf(childId: string, more: object = {}, claims: object = {}) {
  const { data, errors } = await oversight.ask(STATEMENT, { childId, ...more }, claims);
  expect(errors).toBeUndefined();
  return data.accessStatement;
}

describe('accessStatement', () => {
  test('tells who, when, for whom, what for, which categories and with which override, and of no other child', async () => {
    const childId = newChild();
    const released = ['Child.familyName', 'Child.addresses', 'Address.postcode', 'Child.immunisations'];
    await oversight.record({
      override: true,
      subjects: [subject(childId, released, ['Child.conditions']), subject(SIBLING)],
    });
    expect(await statementOf(childId)).toEqual({
      childId,
      childIds: [childId],
      from: null,
      to: null,
      events: [
        {
          at: '2026-11-22T10:15:00.000Z',
          practitionerId: 'p-social-worker',
          organisationId: 'LA-975',
          purpose: 'S47',
          breakGlass: true,
          outcome: 'RELEASED',
          subjects: [
            {
              childId,
              released,
              withheld: ['Child.conditions'],
              categories: ['IDENTITY', 'LOCATION', 'SPECIAL'],
            },
          ],
        },
      ],
      checkpoint: null,
    });
  });

  test('a coordinate that the contract does not name is not passed over', async () => {
    const childId = newChild();
    await oversight.record({ subjects: [subject(childId, ['Child.shoeSize'])] });
    const { events } = await statementOf(childId);
    expect(events[0].subjects[0].categories).toEqual(['UNCLASSIFIED']);
  });

  test('its days are those of London', async () => {
    const childId = newChild();
    const subjects = [subject(childId)];
    for (const at of ['2026-06-30T22:59:59.000Z', '2026-06-30T23:00:00.000Z', '2026-07-01T23:00:00.000Z'])
      await oversight.record({ at, subjects });
    const { events } = await statementOf(childId, { from: '2026-07-01', to: '2026-07-01' });
    expect(events.map(({ at }: { at: string }) => at)).toEqual(['2026-06-30T23:00:00.000Z']);
  });

  test('covers every number of the child, each access once and newest first', async () => {
    const [number, givenUp, other] = [newChild(), newChild(), newChild()];
    const at = (hour: number) => `2026-02-03T0${hour}:00:00.000Z`;
    await oversight.record({ at: at(1), subjects: [subject(givenUp)] });
    await oversight.record({ at: at(3), subjects: [subject(number), subject(givenUp)] });
    await oversight.record({ at: at(2), subjects: [subject(number)] });
    await oversight.record({ at: at(4), subjects: [subject(other)] });
    const numbers = { [number]: [number, givenUp], [givenUp]: [number, givenUp] };
    const statement = await statementOf(number, {}, { numbers });
    expect(statement.childIds).toEqual([number, givenUp]);
    expect(statement.events.map((event: { at: string }) => event.at)).toEqual([at(3), at(2), at(1)]);
    expect((await statementOf(givenUp, {}, { numbers })).events).toEqual(statement.events);
    const listed = await oversight.ask(
      `query ($childId: ID!) { accessEvents(filter: { childId: $childId }) { events { at } } }`,
      { childId: givenUp },
      { numbers },
    );
    expect(listed.data.accessEvents.events).toHaveLength(3);
  });

  test('without a word on the child’s numbers there is none: it might leave something out', async () => {
    for (const query of [
      STATEMENT,
      'query ($childId: ID!) { accessEvents(filter: { childId: $childId }) { endCursor } }',
    ]) {
      const { data, errors } = await oversight.ask(query, { childId: CHILD }, { numbers: {} });
      expect(Object.values(data)).toEqual([null]);
      expect(errors?.[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR');
    }
  });

  test('tells a mutation once, and one that never came to its end as well', async () => {
    const childId = newChild();
    const subjects = [subject(childId, ['Child.involvements'])];
    const bare = { subjects, practitioner: 'p-mutating' };
    const { nonce } = accessEvent();
    const { index } = await oversight.record({ ...bare, kind: 'intent', nonce });
    expect((await statementOf(childId)).events).toHaveLength(1);
    await oversight.record({ ...bare, kind: 'outcome', nonce, intentIndex: index, outcome: 'REFUSED' });
    expect((await statementOf(childId)).events).toMatchObject([{ outcome: 'REFUSED' }]);
  });

  test('does not tell who asked what the log says of the child', async () => {
    const childId = newChild();
    const auditing = { practitioner: 'p-auditor', role: 'auditor' };
    for (const coordinate of ['Query.accessStatement', 'Query.lawfulHolds', 'Mutation.placeLawfulHold'])
      await oversight.record({ ...auditing, subjects: [subject(childId, [coordinate])] });
    await oversight.record({ ...auditing, subjects: [subject(childId, [], ['Query.accessEvents'])] });
    expect((await statementOf(childId)).events).toEqual([]);
    const { data } = await oversight.ask(
      `{ accessEvents(filter: { childId: "${childId}" }) { events { practitionerId } } }`,
    );
    expect(data.accessEvents.events).toHaveLength(4);
  });

  test('tells an access of which nothing was released', async () => {
    const childId = newChild();
    await oversight.record({ outcome: 'REFUSED', subjects: [subject(childId, [], ['Child.id'])] });
    await oversight.record({ outcome: 'REFUSED', subjects: [subject(childId, [])] });
    expect((await statementOf(childId)).events).toHaveLength(2);
  });

  test('of a child whom nobody saw it is empty', async () => {
    expect((await statementOf('N0B0DY0000000000')).events).toEqual([]);
  });

  test('is handed out whole or not at all', async () => {
    const childId = newChild();
    const origin = 'contactpoint.test/full/00';
    await oversight.subgraph.store`
      with event as (
        insert into access_event (origin, index, evt, kind, at, instance, override, outcome, parts, parts_seen, jtis)
        select ${origin}, n, n::text, 'access', '2026-01-01'::timestamptz + n * interval '1 minute', 'full', false,
          'RELEASED', 1, 1, '{}' from generate_series(0, 5000) as n
        returning origin, index, at)
      insert into access_subject (origin, index, child_id, at, place, released, withheld, policies)
      select origin, index, ${childId}, at, 0, '{}', '{}', '{}' from event`;
    const { errors } = await oversight.ask(STATEMENT, { childId });
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect((await statementOf(childId, { to: '2026-01-03' })).events).toHaveLength(4_320);
  });

  test.each(['2026-02-30', 'yesterday'])('refuses the day %s', async (from) => {
    const { errors } = await oversight.ask(STATEMENT, { childId: CHILD, from });
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});
