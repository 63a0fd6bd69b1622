import { eventDigest } from '@contactpoint/access/grant';
import postgres from 'postgres';
import { request } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TestSystem } from '../../running-system.ts';
import { type Leaf, readAskedLeaves } from '../access-log.ts';
import { readJournals } from '../agency-journals.ts';
import { startSecondGateway } from '../second-gateway.ts';
import { type Subscriber, subscribe, TRANSPORTS } from './subscriber.ts';
import type { SubscribingAgencies } from './subscribing-agencies.ts';
import {
  CLOSED,
  FIELDS,
  next,
  type SubscriptionStage,
  startSubscriptionStage,
  WITHIN,
} from './subscription-stage.ts';

let stage: SubscriptionStage;
let system: TestSystem;
let agencies: SubscribingAgencies;
let directory: postgres.Sql;
beforeAll(async () => {
  stage = await startSubscriptionStage();
  ({ system, agencies } = stage);
  directory = postgres(system.databases.directory, { max: 1 });
});
afterAll(async () => {
  await directory?.end();
  await stage?.stop();
});
afterEach(() => stage.leaveAll());

const ANY = `subscription Any { anyChange { at child { id familyName } } }`;

/** What the gateway shows of a child now; what it believes it has for the events too. */
async function seen(persona: string, purpose: string, id: string) {
  const query = 'query ($id: ID!) { child(id: $id) { id addresses { postcode } } }';
  return (await stage.gateway.ask(persona, { query, variables: { id }, purpose })).body.data.child;
}

async function shield(deed: 'shieldChild' | 'unshieldChild', id: string): Promise<void> {
  const query = `mutation ($id: ID!) { ${deed}(id: $id, reason: "The father has threatened the family") { id } }`;
  const { body } = await system.ask('social-worker', { query, variables: { id }, purpose: 'S47' });
  expect(body.errors).toBeUndefined();
}

describe.each(TRANSPORTS)('over %s', (transport) => {
  test('an event is joined from the agencies, as the query has it', async () => {
    const { joined: id } = system.scenarios;
    const query = `query ($id: ID!) { ${FIELDS.replace('child', 'child(id: $id)')} }`;
    const asked = await stage.gateway.ask('social-worker', { query, variables: { id }, purpose: 'S47' });
    const subscriber = await stage.listen(transport, 'social-worker', stage.joined());
    agencies.changed(id);
    const { data, errors, extensions } = await next(subscriber, 0);
    expect(errors).toEqual(
      asked.body.errors?.map((each) => ({ ...each, path: ['childChanged', ...(each.path ?? [])] })),
    );
    expect(data.childChanged).toEqual({ at: '2026-01-02T12:00:00Z', child: asked.body.data.child });
    expect(data.childChanged.child.emergencyAttendances).not.toBeNull();
    expect(extensions?.['accessLog']).toMatch(/^\S+ \d+$/);
  });

  test('each event is in the log before it is told, under grants of its own', async () => {
    const { joined: id } = system.scenarios;
    const subscriber = await stage.listen(transport, 'social-worker', stage.joined());
    for (const known of [0, 1]) {
      agencies.changed(id);
      const { extensions } = await next(subscriber, known);
      const leaf = (await readAskedLeaves(system)).find(
        ({ origin, index }) => `${origin} ${index}` === extensions?.['accessLog'],
      );
      expect(leaf?.event).toMatchObject({
        kind: 'access',
        practitioner: 'p-social-worker',
        purpose: 'S47',
        operation: { name: 'Changed' },
        subjects: [
          { child: id, released: expect.arrayContaining(['Child.familyName', 'Child.emergencyAttendances']) },
        ],
      });
      const evt = eventDigest(Buffer.from(leaf?.event.nonce ?? '', 'hex'));
      const under = (await readJournals(system)).filter(
        (row) => row.evt === evt && row.operation === 'query',
      );
      expect(new Set(under.map(({ subgraph }) => subgraph))).toEqual(
        new Set(['directory', 'health', 'education']),
      );
    }
  });

  test('the start is on record, and its stream tells the agency of nobody', async () => {
    const known = (await readAskedLeaves(system)).length;
    await stage.listen(transport, 'social-worker', stage.joined());
    const leaves = await stage.leavesSince(known, 1);
    const start = leaves.findLast(({ event }) => event.operation?.name === 'Changed');
    expect(start?.event).toMatchObject({
      outcome: 'RELEASED',
      subjects: [{ child: system.scenarios.joined, released: [], withheld: [] }],
    });
    const evt = eventDigest(Buffer.from(start?.event.nonce ?? '', 'hex'));
    const journaled = (await readJournals(system)).filter(
      (row) => row.evt === evt && row.operation === 'subscription',
    );
    expect(journaled.map(({ jti, childId }) => [start?.event.jtis.includes(jti), childId])).toEqual([
      [true, null],
    ]);
  });

  test('what the purpose does not open stays closed, and is asked of nobody', async () => {
    const { joined: id } = system.scenarios;
    const subscriber = await stage.listen(transport, 'teacher', { ...stage.joined(), purpose: 'ED' });
    agencies.changed(id);
    const { data, errors } = await next(subscriber, 0);
    expect(data.childChanged.child).toMatchObject({ id, conditions: null });
    expect(errors).toContainEqual(
      expect.objectContaining({
        path: ['childChanged', 'child', 'conditions'],
        extensions: expect.objectContaining({ code: 'UNAUTHORIZED_FIELD_OR_TYPE' }),
      }),
    );
  });

  test('a relationship that ends between two events withholds the second, which is on record', async () => {
    const { joined: id } = system.scenarios;
    const subscriber = await stage.listen(transport, 'teacher', { ...stage.joined(), purpose: 'ED' });
    agencies.changed(id);
    await next(subscriber, 0);
    await directory`update involvement set ended_at = now() where child_id = ${id} and practitioner_id = 'p-teacher'`;
    // The directory refuses at once, the gateway as soon as it believes the older facts no more.
    const released = async () => {
      const known = (await readAskedLeaves(system)).length;
      agencies.changed(id);
      const { event } = (await stage.leavesSince(known, 1)).at(-1) as Leaf;
      expect(event).toMatchObject({ practitioner: 'p-teacher', operation: { name: 'Changed' } });
      return event.subjects.flatMap((subject) => subject.released);
    };
    await expect.poll(released, WITHIN).toEqual([]);
    expect(subscriber.heard).toHaveLength(1);
    await directory`update involvement set ended_at = null where child_id = ${id} and practitioner_id = 'p-teacher'`;
    await expect.poll(() => seen('teacher', 'ED', id), WITHIN).not.toBeNull();
    agencies.changed(id);
    await next(subscriber, 1);
    expect(subscriber.heard).toHaveLength(2);
    expect(subscriber.ended()).toBeUndefined();
  });

  test('a shield between two events empties the second without a word', async () => {
    const { joined: id } = system.scenarios;
    const subscriber = await stage.listen(transport, 'teacher', { ...stage.joined(), purpose: 'ED' });
    agencies.changed(id);
    const before = await next(subscriber, 0);
    await shield('shieldChild', id);
    await expect.poll(async () => (await seen('teacher', 'ED', id))?.addresses, WITHIN).toBeNull();
    agencies.changed(id);
    const after = await next(subscriber, 1);
    await shield('unshieldChild', id);
    await expect.poll(async () => (await seen('teacher', 'ED', id))?.addresses, WITHIN).not.toBeNull();
    expect(before.data.childChanged.child.addresses).not.toBeNull();
    expect(after.data.childChanged.child).toMatchObject({ id, addresses: null });
    expect(after.errors?.flatMap(({ path = [] }) => path)).not.toContain('addresses');
  });

  test('two who subscribe to the same hear of their own children alone', async () => {
    const { joined: mine, unrelated: theirs } = system.scenarios;
    await directory`update involvement set child_id = ${theirs} where child_id = ${mine} and practitioner_id = 'p-teacher'`;
    try {
      await expect.poll(() => seen('teacher', 'ED', mine), WITHIN).toBeNull();
      await expect.poll(() => seen('teacher', 'ED', theirs), WITHIN).not.toBeNull();
      const teacher = await stage.listen(transport, 'teacher', { query: ANY, purpose: 'ED' });
      const officer = await stage.listen(transport, 'reviewing-officer', { query: ANY, purpose: 'REV' });
      for (const id of [mine, theirs, mine, theirs]) agencies.changed(id);
      await next(teacher, 1);
      await next(officer, 1);
      const told = ({ heard }: Subscriber) => heard.map(({ data }) => data?.anyChange?.child?.id);
      expect(told(teacher)).toEqual([theirs, theirs]);
      expect(told(officer)).toEqual([mine, mine]);
    } finally {
      await directory`update involvement set child_id = ${mine} where child_id = ${theirs} and practitioner_id = 'p-teacher'`;
      await expect.poll(() => seen('teacher', 'ED', mine), WITHIN).not.toBeNull();
    }
  });

  test("an agency's own field without children needs no purpose", async () => {
    const subscriber = await stage.listen(transport, 'teacher', { query: CLOSED });
    agencies.closed('Elm Street');
    expect((await next(subscriber, 0)).data).toEqual({
      schoolClosed: { school: 'Elm Street', because: 'snow' },
    });
  });
});

test('a client that takes events takes the answer of a query as it comes', async () => {
  const answer = async (accept: string) => {
    const { body } = await request(`${stage.gateway.url}/graphql`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await system.token('teacher')}`,
        'content-type': 'application/json',
        accept,
      },
      body: JSON.stringify({ query: '{ __typename }' }),
    });
    return await body.text();
  };
  expect(await answer('application/json, text/event-stream')).toBe('{"data":{"__typename":"Query"}}');
  expect(await answer('text/event-stream')).toMatch(
    /^event: next\ndata: \{"data":\{"__typename":"Query"\},"extensions":\{"accessLog":"[^"]+"\}\}\n\nevent: complete\n/,
  );
  expect(await answer('text/event-stream;q=0')).toBe('{"data":{"__typename":"Query"}}');
});

test('Apollo Server in front changes nothing of it', async () => {
  const settings = { ...agencies.settings, HTTP_ADAPTER: 'apollo', INSTANCE: 'gateway-3' };
  const apollo = await startSecondGateway(system, settings);
  try {
    for (const transport of TRANSPORTS) {
      const subscriber = await subscribe(system, apollo.url, transport, 'social-worker', stage.joined());
      await expect.poll(() => agencies.listening(), WITHIN).toBeGreaterThan(0);
      agencies.changed(system.scenarios.joined);
      expect((await next(subscriber, 0)).data.childChanged.child.familyName).toEqual(expect.any(String));
      subscriber.leave();
      await expect.poll(() => agencies.listening(), WITHIN).toBe(0);
    }
  } finally {
    await apollo.stop();
  }
}, 120_000);
