import { join } from 'node:path';
import { eventDigest } from '@contactpoint/access/grant';
import { startCluster } from '@contactpoint/scripts/postgres/embedded-postgres';
import postgres from 'postgres';
import { request } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startTestSystem, type TestSystem } from '../running-system.ts';
import { type Leaf, readAskedLeaves } from './access-log.ts';
import { readJournals } from './agency-journals.ts';
import { type SecondGateway, startSecondGateway } from './second-gateway.ts';
import {
  codesOf,
  type Heard,
  type Subscriber,
  type Subscribing,
  subscribe,
  TRANSPORTS,
  type Transport,
} from './subscriber.ts';
import { type SubscribingAgencies, startSubscribingAgencies } from './subscribing-agencies.ts';
import { forgeToken } from './tokens.ts';

/** Milliseconds: nothing here is measured, and the machine may be busy. */
const WITHIN = { timeout: 15_000, interval: 25 };

let system: TestSystem;
let agencies: SubscribingAgencies;
let gateway: SecondGateway;
let directory: postgres.Sql;
let accreditation: postgres.Sql;
beforeAll(async () => {
  system = await startTestSystem();
  directory = postgres(system.databases.directory, { max: 1 });
  accreditation = postgres(system.databases.accreditation, { max: 1 });
  agencies = await startSubscribingAgencies(system);
  gateway = await startSecondGateway(system, agencies.settings);
});
afterAll(async () => {
  await gateway?.stop();
  await agencies?.stop();
  await directory?.end();
  await accreditation?.end();
  await system?.remove();
});

const open: Subscriber[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) each.leave();
  await expect.poll(() => agencies.listening(), WITHIN).toBe(0);
});

const FIELDS = `child {
  id familyName conditions { name } emergencyAttendances { on } senProvision enrolments { school { name } } addresses { postcode }
}`;
const CHANGED = `subscription Changed($id: ID!) { childChanged(id: $id) { at ${FIELDS} } }`;
const ANY = `subscription Any { anyChange { at child { id familyName } } }`;
const CLOSED = 'subscription Closed { schoolClosed { school because } }';

/** Subscribes, and waits until the agency has somebody who listens. */
async function listen(transport: Transport, persona: string, subscribing: Subscribing): Promise<Subscriber> {
  const before = agencies.listening();
  const subscriber = await subscribe(system, gateway.url, transport, persona, subscribing);
  open.push(subscriber);
  await expect
    .poll(() => agencies.listening() > before || subscriber.ended() !== undefined, WITHIN)
    .toBe(true);
  expect(subscriber.ended()).toBeUndefined();
  return subscriber;
}

async function refused(transport: Transport, persona: string, subscribing: Subscribing): Promise<unknown[]> {
  const subscriber = await subscribe(system, gateway.url, transport, persona, subscribing);
  open.push(subscriber);
  await expect.poll(() => subscriber.ended(), WITHIN).toBeDefined();
  const told = subscriber.heard.flatMap(({ errors = [] }) =>
    errors.map(({ extensions }) => extensions?.['code']),
  );
  return told.length > 0 ? told : await endOf(subscriber);
}

/** Why it ended: by GraphQL error, by status, or by the code of the close. */
async function endOf(subscriber: Subscriber): Promise<unknown[]> {
  await expect.poll(() => subscriber.ended(), WITHIN).toBeDefined();
  const last = subscriber.heard.at(-1);
  if (subscriber.ended() === 'complete')
    return last?.errors?.map(({ extensions }) => extensions?.['code']) ?? [];
  const { response } = subscriber.ended() as { readonly response?: Response };
  if (response === undefined) return codesOf(subscriber.ended());
  const body = (await response.json()) as Heard;
  return [response.status, ...(body.errors ?? []).map(({ extensions }) => extensions?.['code'])];
}

async function next(subscriber: Subscriber, known: number): Promise<Heard> {
  await expect.poll(() => subscriber.heard.length, WITHIN).toBeGreaterThan(known);
  return subscriber.heard[known] as Heard;
}

/** Leaves of this gateway that came after the first `known` of the whole log, once there are as many. */
async function leavesSince(known: number, many: number): Promise<Leaf[]> {
  await expect
    .poll(async () => (await readAskedLeaves(system)).length, WITHIN)
    .toBeGreaterThanOrEqual(known + many);
  return (await readAskedLeaves(system)).filter(({ event }) => event.instance === 'gateway-2');
}

/** What the gateway shows of a child now; what it believes it has for the events too. */
async function seen(persona: string, purpose: string, id: string) {
  const query = 'query ($id: ID!) { child(id: $id) { id addresses { postcode } } }';
  return (await gateway.ask(persona, { query, variables: { id }, purpose })).body.data.child;
}

async function statusOf(persona: string): Promise<number> {
  return (await gateway.ask(persona, { query: '{ __typename }' })).status;
}

async function shield(deed: 'shieldChild' | 'unshieldChild', id: string): Promise<void> {
  const query = `mutation ($id: ID!) { ${deed}(id: $id, reason: "The father has threatened the family") { id } }`;
  const { body } = await system.ask('social-worker', { query, variables: { id }, purpose: 'S47' });
  expect(body.errors).toBeUndefined();
}

const joined = () => ({ query: CHANGED, variables: { id: system.scenarios.joined }, purpose: 'S47' });

describe.each(TRANSPORTS)('over %s', (transport) => {
  test('an event is joined from the agencies, as the query has it', async () => {
    const { joined: id } = system.scenarios;
    const query = `query ($id: ID!) { ${FIELDS.replace('child', 'child(id: $id)')} }`;
    const asked = await gateway.ask('social-worker', { query, variables: { id }, purpose: 'S47' });
    const subscriber = await listen(transport, 'social-worker', joined());
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
    const subscriber = await listen(transport, 'social-worker', joined());
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
    await listen(transport, 'social-worker', joined());
    const leaves = await leavesSince(known, 1);
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
    const subscriber = await listen(transport, 'teacher', { ...joined(), purpose: 'ED' });
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

  test('a suspension between two events ends it at the second, which stays untold', async () => {
    const { joined: id } = system.scenarios;
    const subscriber = await listen(transport, 'teacher', { ...joined(), purpose: 'ED' });
    agencies.changed(id);
    await next(subscriber, 0);
    const known = (await readAskedLeaves(system)).length;
    await accreditation`update practitioner set suspended_at = now() where id = 'p-teacher'`;
    await expect.poll(() => statusOf('teacher'), WITHIN).toBe(403);
    agencies.changed(id);
    const end = await endOf(subscriber);
    await accreditation`update practitioner set suspended_at = null where id = 'p-teacher'`;
    expect(end).toEqual(['ACCREDITATION_LAPSED']);
    expect(subscriber.heard.filter(({ data }) => data !== undefined)).toHaveLength(1);
    await expect.poll(() => agencies.listening(), WITHIN).toBe(0);
    const [refusal] = (await leavesSince(known, 1)).slice(-1);
    expect(refusal?.event).toMatchObject({
      practitioner: 'p-teacher',
      outcome: 'REFUSED',
      refusal: { code: 'ACCREDITATION_LAPSED', detail: 'SUSPENDED' },
    });
    await expect.poll(() => statusOf('teacher'), WITHIN).toBe(200);
  });

  test('a relationship that ends between two events withholds the second, which is on record', async () => {
    const { joined: id } = system.scenarios;
    const subscriber = await listen(transport, 'teacher', { ...joined(), purpose: 'ED' });
    agencies.changed(id);
    await next(subscriber, 0);
    await directory`update involvement set ended_at = now() where child_id = ${id} and practitioner_id = 'p-teacher'`;
    // The directory refuses at once, the gateway as soon as it believes the older facts no more.
    const released = async () => {
      const known = (await readAskedLeaves(system)).length;
      agencies.changed(id);
      const { event } = (await leavesSince(known, 1)).at(-1) as Leaf;
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
    const subscriber = await listen(transport, 'teacher', { ...joined(), purpose: 'ED' });
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
      const teacher = await listen(transport, 'teacher', { query: ANY, purpose: 'ED' });
      const officer = await listen(transport, 'reviewing-officer', { query: ANY, purpose: 'REV' });
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

  test('a session that ends closes it there and then, though nothing happens', async () => {
    const exp = Math.floor(Date.now() / 1_000) + 4;
    const token = await forgeToken(system, 'teacher', { by: 'issuer', claims: { exp } });
    const subscriber = await listen(transport, 'teacher', { query: CLOSED, token });
    expect(await endOf(subscriber)).toEqual(['UNAUTHENTICATED']);
    expect(Date.now()).toBeGreaterThanOrEqual(exp * 1_000);
    expect(subscriber.heard.filter(({ data }) => data !== undefined)).toEqual([]);
    await expect.poll(() => agencies.listening(), WITHIN).toBe(0);
  });

  test("an agency's own field without children needs no purpose", async () => {
    const subscriber = await listen(transport, 'teacher', { query: CLOSED });
    agencies.closed('Elm Street');
    expect((await next(subscriber, 0)).data).toEqual({
      schoolClosed: { school: 'Elm Street', because: 'snow' },
    });
  });

  test('who leaves is let go of at the agency', async () => {
    const subscriber = await listen(transport, 'social-worker', joined());
    expect(await figure('contactpoint_subscriptions_open')).toBe(1);
    subscriber.leave();
    await expect.poll(() => agencies.listening(), WITHIN).toBe(0);
    await expect.poll(() => figure('contactpoint_subscriptions_open'), WITHIN).toBe(0);
  });

  test('nobody has more than ten at a time', async () => {
    for (let held = 0; held < 10; held++) await listen(transport, 'teacher', { query: CLOSED });
    expect((await refused(transport, 'teacher', { query: CLOSED })).at(-1)).toBe(
      'SUBSCRIPTION_LIMIT_EXCEEDED',
    );
    await listen(transport, 'school-nurse', { query: CLOSED });
  });

  test.each<[string, string, () => Subscribing, string]>([
    [
      'without a purpose',
      'social-worker',
      () => ({ ...joined(), purpose: undefined as never }),
      'PURPOSE_OF_USE_REQUIRED',
    ],
    ['from a suspended account', 'suspended', joined, 'ACCREDITATION_LAPSED'],
    [
      'with break-glass',
      'emergency-clinician',
      () => ({
        ...joined(),
        purpose: 'EC',
        headers: {
          'access-override': 'break-glass',
          'access-reason': 'Unconscious in resuscitation, no name',
        },
      }),
      'BAD_REQUEST',
    ],
    [
      'for a scope that nobody has',
      'social-worker',
      () => ({ query: 'subscription { sealed { at } }', purpose: 'S47' }),
      'UNAUTHORIZED_FIELD_OR_TYPE',
    ],
    [
      'of two fields',
      'social-worker',
      () => ({ query: 'subscription { a: anyChange { at } schoolClosed { school } }', purpose: 'S47' }),
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'deeper than the limit',
      'social-worker',
      () => ({
        query: `subscription { anyChange ${'{ child '.repeat(20)}{ id }${' }'.repeat(20)} }`,
        purpose: 'S47',
      }),
      'OPERATION_TOO_COMPLEX',
    ],
  ])('is refused %s', async (_case, persona, subscribing, code) => {
    expect((await refused(transport, persona, subscribing())).at(-1)).toBe(code);
    expect(agencies.listening()).toBe(0);
  });

  test('is refused to a colleague’s stand-in, who only reads', async () => {
    const headers = { 'on-behalf-of': await system.token('teacher') };
    expect((await refused(transport, 'social-worker', { ...joined(), headers })).at(-1)).toBe(
      'UNAUTHORIZED_FIELD_OR_TYPE',
    );
  });

  test('is refused without a token that holds', async () => {
    expect(await refused(transport, 'social-worker', { ...joined(), token: 'forged' })).toEqual(
      transport === 'sse' ? [401, 'UNAUTHENTICATED'] : ['UNAUTHENTICATED'],
    );
  });
});

describe('a subscription is not answered', () => {
  test('by one answer', async () => {
    const answer = await gateway.ask('social-worker', joined());
    expect([answer.status, answer.body.errors?.[0]?.extensions?.['code']]).toEqual([400, 'BAD_REQUEST']);
    expect(answer.headers['access-log']).toBeDefined();
  });

  test('by GET, whose URL would hold what was asked for', async () => {
    const search = new URLSearchParams({ query: CLOSED });
    const answer = await request(`${gateway.url}/graphql?${search}`, {
      headers: { authorization: `Bearer ${await system.token('teacher')}`, accept: 'text/event-stream' },
    });
    expect(answer.statusCode).toBe(405);
    await answer.body.dump();
  });

  test('where no agency offers any', async () => {
    const subscriber = await subscribe(system, system.urls.gateway, 'sse', 'social-worker', joined());
    expect(await endOf(subscriber)).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
  });

  test('on another path', async () => {
    const subscriber = await subscribe(system, `${gateway.url}/other`, 'ws', 'social-worker', joined());
    await expect.poll(() => subscriber.ended(), WITHIN).toBeDefined();
    expect(agencies.listening()).toBe(0);
  });
});

test('a client that takes events takes the answer of a query as it comes', async () => {
  const answer = async (accept: string) => {
    const { body } = await request(`${gateway.url}/graphql`, {
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
      const subscriber = await subscribe(system, apollo.url, transport, 'social-worker', joined());
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

describe('what else ends a subscription', () => {
  const both = async (subscribing: () => Subscribing) => [
    await listen('sse', 'social-worker', subscribing()),
    await listen('ws', 'social-worker', subscribing()),
  ];

  test('an agency that dies', async () => {
    const subscribers = await both(() => ({ query: CLOSED }));
    await agencies.stopClosures();
    for (const each of subscribers) expect(await endOf(each)).toEqual(['SUBGRAPH_UNAVAILABLE']);
  });

  test('a log that cannot be written: what happened stays untold', async () => {
    const subscribers = await both(joined);
    await system.clusters.embedded.audit?.stop();
    agencies.changed(system.scenarios.joined);
    for (const each of subscribers) {
      expect(await endOf(each)).toEqual(['AUDIT_UNAVAILABLE']);
      expect(each.heard.filter(({ data }) => data != null)).toEqual([]);
    }
    await expect.poll(() => agencies.listening(), WITHIN).toBe(0);
    await startCluster({ folder: join(system.data, 'audit-postgres'), port: system.ports.auditDatabase });
    await expect.poll(() => statusOf('social-worker'), { timeout: 60_000, interval: 250 }).toBe(200);
  });

  test('a gateway that stops', async () => {
    const subscribers = await both(joined);
    await gateway.stop();
    for (const each of subscribers) {
      await expect.poll(() => each.ended(), WITHIN).toBeDefined();
      expect(each.heard).toEqual([]);
    }
    await expect.poll(() => agencies.listening(), WITHIN).toBe(0);
  });
});

async function figure(name: string): Promise<number> {
  const answer = await request(`${gateway.url}/metrics`);
  const [, value] = new RegExp(`^${name} (\\d+)$`, 'm').exec(await answer.body.text()) ?? [];
  return Number(value);
}
