import type { AccessEvent } from '@contactpoint/audit-log/access-event';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startOversight, type TestOversight } from '../testing/oversight.ts';

const HOLD = 'id childId reference practitionerId organisationId from to endsOn placedBy endedBy inForce';
const PLACE = `mutation ($hold: LawfulHoldInput!) { placeLawfulHold(hold: $hold) { ${HOLD} placedAt endedAt } }`;
const END = `mutation ($childId: ID!, $id: ID!) { endLawfulHold(childId: $childId, id: $id) { ${HOLD} endedAt } }`;
const HOLDS = `query ($childId: ID, $includeEnded: Boolean, $first: Int, $after: String) {
  lawfulHolds(childId: $childId, includeEnded: $includeEnded, first: $first, after: $after) {
    holds { ${HOLD} } endCursor hasNextPage } }`;
const STATEMENT = `query ($childId: ID!, $from: Date, $to: Date) {
  accessStatement(childId: $childId, from: $from, to: $to) {
    childId childIds from to events { origin index at practitionerId subjects { childId released } }
    checkpoint { origin size } } }`;

let oversight: TestOversight;
let made = 0;

beforeAll(async () => {
  oversight = await startOversight();
});
afterAll(() => oversight?.[Symbol.asyncDispose]());

const newChild = () => `H0${String(made++).padStart(14, '0')}`;
const subjects = (...children: string[]) =>
  children.map((child) => ({ child, released: ['Child.familyName'], withheld: [], policies: [] }));
const read = (child: string, event: Partial<AccessEvent> = {}) =>
  oversight.record({ subjects: subjects(child), ...event });

async function place(childId: string, terms: object = {}, claims: object = {}) {
  const hold = { childId, reference: 'Order 2026/17', ...terms };
  const { data, errors } = await oversight.ask(PLACE, { hold }, claims);
  expect(errors).toBeUndefined();
  return data.placeLawfulHold;
}
const end = async (childId: string, id: string, claims: object = {}) =>
  (await oversight.ask(END, { childId, id }, claims)).data?.endLawfulHold;
const statement = async (childId: string, more: object = {}, claims: object = {}) =>
  (await oversight.ask(STATEMENT, { childId, ...more }, claims)).data.accessStatement;
const readers = async (childId: string, more: object = {}, claims: object = {}) =>
  (await statement(childId, more, claims)).events.map(
    (event: { practitionerId: string }) => event.practitionerId,
  );

describe('a lawful hold', () => {
  test('is placed once, however often it is asked for, and by several at once', async () => {
    const childId = newChild();
    const terms = { practitionerId: 'p-suspect', from: '2026-01-01', endsOn: '2099-12-31' };
    const placed = await Promise.all(Array.from({ length: 5 }, () => place(childId, terms)));
    expect(new Set(placed.map(({ id }) => id)).size).toBe(1);
    expect(placed[0]).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      ...{ childId, reference: 'Order 2026/17', practitionerId: 'p-suspect', organisationId: null },
      ...{ from: '2026-01-01', to: null, endsOn: '2099-12-31' },
      ...{ placedAt: expect.any(String), placedBy: 'p-auditor', endedAt: null, endedBy: null, inForce: true },
    });
    expect((await place(childId, { ...terms, to: '2026-02-01' })).id).not.toBe(placed[0].id);
  });

  test('is ended once, by whoever did so first, and can be placed anew', async () => {
    const childId = newChild();
    const { id } = await place(childId);
    const ended = await end(childId, id);
    expect(ended).toMatchObject({ id, inForce: false, endedBy: 'p-auditor', endedAt: expect.any(String) });
    expect(await end(childId, id, { sub: 'p-another' })).toEqual(ended);
    expect((await place(childId)).id).not.toBe(id);
  });

  test.each<[string, object]>([
    ['no child', { childId: 'Anna Smith, 14' }],
    ['nothing that it rests on', { reference: '  ' }],
    ['a reference too long', { reference: 'x'.repeat(101) }],
    ['text that is none', { reference: 'Order \u0000' }],
    ['a day that is none', { from: '2026-02-30' }],
    ['an end before the beginning', { from: '2026-02-02', to: '2026-02-01' }],
    ['a last day that is over', { endsOn: '2026-01-01' }],
  ])('is refused with %s', async (_case, terms) => {
    const hold = { childId: newChild(), reference: 'Order 1', ...terms };
    const { data, errors } = await oversight.ask(PLACE, { hold });
    expect(data?.placeLawfulHold ?? null).toBeNull();
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  test('of another child is not ended by a guess', async () => {
    const { id } = await place(newChild());
    for (const wrong of [id, 'x', '00000000-0000-0000-0000-000000000000']) {
      const { errors } = await oversight.ask(END, { childId: newChild(), id: wrong });
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
  });

  test('is listed under every number of its child, newest first, ended ones where asked for', async () => {
    const [number, givenUp] = [newChild(), newChild()];
    const numbers = { [number]: [givenUp, number], [givenUp]: [givenUp, number] };
    const first = await place(givenUp, { reference: 'Order 1' });
    const second = await place(number, { reference: 'Order 2' });
    await end(number, first.id, { numbers });
    const list = async (more: object) =>
      (await oversight.ask(HOLDS, { childId: number, ...more }, { numbers })).data.lawfulHolds;
    const ids = ({ holds }: { holds: { id: string }[] }) => holds.map(({ id }) => id);
    expect(ids(await list({}))).toEqual([second.id]);
    expect(ids(await list({ includeEnded: true }))).toEqual([second.id, first.id]);
    const page = await list({ includeEnded: true, first: 1 });
    expect([ids(page), page.hasNextPage]).toEqual([[second.id], true]);
    expect(ids(await list({ includeEnded: true, first: 1, after: page.endCursor }))).toEqual([first.id]);
    expect(ids((await oversight.ask(HOLDS, {})).data.lawfulHolds)).toContain(second.id);
  });
});

describe('the statement of a child with a hold', () => {
  test.each<[string, object, string[]]>([
    ['the child', {}, []],
    ['a practitioner', { practitionerId: 'p-one' }, ['p-reader', 'p-two']],
    ['one who read for a colleague', { practitionerId: 'p-reader' }, ['p-two', 'p-one']],
    ['one on whose behalf was read', { practitionerId: 'p-behalf' }, ['p-two', 'p-one']],
    ['an organisation', { organisationId: 'LA-two' }, ['p-reader', 'p-one']],
    ['days', { from: '2026-07-01', to: '2026-07-01' }, ['p-reader', 'p-one']],
    ['both', { practitionerId: 'p-one', organisationId: 'LA-two' }, ['p-reader', 'p-two', 'p-one']],
  ])('leaves out what it covers and nothing else: %s', async (_case, terms, left) => {
    const childId = newChild();
    // The second one is of 1 July in London and of 30 June in UTC.
    await read(childId, { practitioner: 'p-one', at: '2026-06-30T22:59:59.000Z' });
    await read(childId, { practitioner: 'p-two', organisation: 'LA-two', at: '2026-06-30T23:00:00.000Z' });
    await read(childId, { practitioner: 'p-behalf', mediator: 'p-reader', at: '2026-07-02T10:00:00.000Z' });
    expect(await readers(childId)).toEqual(['p-reader', 'p-two', 'p-one']);
    const { id } = await place(childId, terms);
    expect(await readers(childId)).toEqual(left);
    await end(childId, id);
    expect(await readers(childId)).toEqual(['p-reader', 'p-two', 'p-one']);
  });

  test('is the one that it would be, had nobody made the accesses: nothing shows that there is a hold', async () => {
    const [held, control] = [newChild(), newChild()];
    const kept = ['2026-03-01T09:00:00.000Z', '2026-03-03T09:00:00.000Z'];
    for (const at of kept) await oversight.record({ at, subjects: subjects(held, control) });
    await read(held, { practitioner: 'p-covert', at: '2026-03-02T09:00:00.000Z' });
    await place(held, { practitionerId: 'p-covert' });
    // The log's own event of placing the hold, as the gateway records it.
    await read(held, {
      practitioner: 'p-auditor',
      subjects: [{ child: held, released: ['Mutation.placeLawfulHold'], withheld: [], policies: [] }],
    });
    const bytes = async (childId: string, more: object = {}) =>
      JSON.stringify(await statement(childId, more)).replaceAll(childId, 'CHILD');
    expect(await bytes(held)).toBe(await bytes(control));
    const day = { from: '2026-03-02', to: '2026-03-02' };
    expect(await bytes(held, day)).toBe(await bytes(control, day));
    expect(JSON.parse(await bytes(held)).events).toHaveLength(2);
  });

  test('is not too long for accesses that it leaves out', async () => {
    const [childId, origin] = [newChild(), 'contactpoint.test/held/00'];
    await oversight.subgraph.store`
      with event as (
        insert into access_event (origin, index, evt, kind, at, instance, practitioner_id, override, outcome, parts,
          parts_seen, jtis)
        select ${origin}, n, n::text, 'access', '2026-01-01'::timestamptz + n * interval '1 minute', 'x', 'p-many',
          false, 'RELEASED', 1, 1, '{}' from generate_series(0, 5000) as n
        returning origin, index, at)
      insert into access_subject (origin, index, child_id, at, place, released, withheld, policies)
      select origin, index, ${childId}, at, 0, '{}', '{}', '{}' from event`;
    expect((await oversight.ask(STATEMENT, { childId })).errors).toHaveLength(1);
    await place(childId, { practitionerId: 'p-many' });
    expect(await readers(childId)).toEqual([]);
  });

  test('leaves out what was held under another of the child’s numbers', async () => {
    const [number, givenUp] = [newChild(), newChild()];
    const numbers = { [number]: [givenUp, number], [givenUp]: [givenUp, number] };
    await read(number);
    await read(givenUp);
    await place(givenUp);
    for (const childId of [number, givenUp]) expect(await readers(childId, {}, { numbers })).toEqual([]);
  });

  test('of two identities that nobody may link is not touched by the other one’s hold', async () => {
    const [before, after] = [newChild(), newChild()];
    await read(after);
    await place(before);
    expect(await readers(after)).toEqual(['p-social-worker']);
  });

  test('has everything again once the hold’s last day is over', async () => {
    const childId = newChild();
    await read(childId);
    const { id } = await place(childId, { endsOn: '2099-01-01' });
    expect(await readers(childId)).toEqual([]);
    await oversight.subgraph.store`update lawful_hold set ends_on = '2026-01-31' where id = ${id}`;
    expect(await readers(childId)).toEqual(['p-social-worker']);
    const { data } = await oversight.ask(HOLDS, { childId });
    expect(data.lawfulHolds.holds).toEqual([]);
  });

  test('is no obstacle to auditors, who find what is held', async () => {
    const childId = newChild();
    await read(childId);
    await place(childId);
    const { data } = await oversight.ask(
      `{ accessEvents(filter: { childId: "${childId}" }) { events { practitionerId } } }`,
    );
    expect(data.accessEvents.events).toEqual([{ practitionerId: 'p-social-worker' }]);
  });
});
