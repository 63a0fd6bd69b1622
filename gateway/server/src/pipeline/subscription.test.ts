import { once } from 'node:events';
import { compose } from '@contactpoint/composition/compose';
import { CONTRACT_SUBGRAPHS, readContract } from '@contactpoint/contract/sdl';
import type { Executor, RootEvents, SubscribeInput } from '@contactpoint/executor/execution';
import type { ExecutionHooks } from '@contactpoint/executor/hooks';
import { RootEvent } from '@contactpoint/executor/root-event';
import { StreamError } from '@contactpoint/executor/subgraphs/event-stream';
import { describe, expect, test } from 'vitest';
import { loadSupergraph } from '../supergraph.ts';
import { atBest } from '../testing/decisions.ts';
import { ALLOCATED, JOINED, NO_RELATIONSHIP, NOW, principalOf } from '../testing/personas.ts';
import { type PipelineInTest, pipelineInTest, requestFor } from '../testing/pipeline.ts';
import { type Delivery, deliver } from './deliver.ts';
import { EVENT_PACE } from './event-pace.ts';
import { createOpenSubscriptions } from './open-subscriptions.ts';
import { createParser } from './parse.ts';
import { createPlanner } from './plan.ts';
import { outdated } from './subscription-event.ts';

const SUBSCRIPTION = `
  type Subscription {
    changed(id: ID!): Change @authenticated @sensitivity(class: IDENTITY)
    notice: String @authenticated @sensitivity(class: REFERENCE)
  }
  type Change @sensitivity(class: IDENTITY) { at: String child: Child }`;

const composed = compose(
  CONTRACT_SUBGRAPHS.map((name) => ({
    name,
    url: `http://${name}.invalid/graphql`,
    sdl: readContract(name) + (name === 'directory' ? SUBSCRIPTION : ''),
  })),
);
const supergraph = loadSupergraph(composed.supergraphSdl ?? '', 1_000);

const CHANGED = 'subscription Changed($id: ID!) { changed(id: $id) { at child { id familyName } } }';
const CHANGE = { changed: { at: 'noon', child: { id: JOINED, familyName: 'Name' } } };

const LOST = { message: 'gone', extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'directory' } };

interface Bench extends PipelineInTest {
  readonly principals: Record<string, ReturnType<typeof principalOf> | null>;
  readonly known: Record<string, typeof ALLOCATED>;
  readonly subscribed: SubscribeInput[];
  /** As where another supergraph is served. */
  replace(): void;
  /** Subscriptions that hold a place. */
  open(): number;
  deliver(query?: string): Promise<Delivery>;
}

/** The executor reaches the child that each event tells of, as the real one does; streams come from the test. */
function bench(
  stream: (subscribed: SubscribeInput) => RootEvents = manyEvents,
  { expiresAt, notices = [] }: { readonly expiresAt?: Date; readonly notices?: (string | null)[] } = {},
): Bench {
  const principals: Bench['principals'] = { worker: principalOf('teacher') };
  const known: Bench['known'] = { [JOINED]: ALLOCATED };
  const subscribed: SubscribeInput[] = [];
  const subscriptions = createOpenSubscriptions();
  const replaced = new AbortController();
  const executor: Executor = {
    ...supergraph.executor,
    async subscribe(input) {
      subscribed.push(input);
      await askedOf(input.hooks);
      return stream(input);
    },
    async execute({ hooks, event }) {
      if (event === undefined) throw new Error('No event');
      const notice = notices.shift();
      if (notice !== undefined) {
        await hooks.beforeRelease([]);
        return { data: { notice }, errors: [] };
      }
      const coordinates = ['Child.id', 'Child.familyName'].map((each) => ({
        subjectField: each,
        coordinate: each,
      }));
      await hooks.beforeRelease([{ id: JOINED, type: 'Child', coordinates }]);
      return { data: CHANGE, errors: [] };
    },
  };
  const inTest = pipelineInTest({
    principals,
    known,
    parts: {
      supergraph: { ...supergraph, executor },
      parser: createParser(executor.schema),
      planner: createPlanner({ ...supergraph, executor }, atBest),
      subscriptions,
      replaced: replaced.signal,
    },
    ...(expiresAt === undefined ? {} : { expiresAt }),
  });
  const headers = { purpose: 'ED' };
  return Object.assign(inTest, {
    principals,
    known,
    subscribed,
    open: () => subscriptions.count(),
    replace: () => replaced.abort(outdated()),
    deliver: (query = CHANGED) => deliver(inTest.pipeline, requestFor(query, { headers })),
  });
}

async function* manyEvents(): RootEvents {
  for (;;) yield new RootEvent('', { kind: 'UNAVAILABLE' });
}

/** Of which nothing is told until it is left. */
async function* silence({ signal }: SubscribeInput): RootEvents {
  yield* [];
  if (!signal.aborted) await once(signal, 'abort');
}

async function askedOf({ beforeFetch }: Pick<ExecutionHooks, 'beforeFetch'>) {
  const asked = {
    subgraph: 'directory',
    kind: 'subscription',
    query: 'x',
    variables: {},
    coordinates: [],
  } as const;
  const [request] = await beforeFetch({ ...asked, representations: undefined });
  return await request?.extensions({ query: 'x', variables: {}, coordinates: [] });
}

const next = async ({ following }: Delivery) => (await following?.next())?.value ?? undefined;
const codeOf = (response: Awaited<ReturnType<typeof next>>) =>
  response?.body.errors?.[0]?.extensions?.['code'];

describe('a subscription', () => {
  test('is on record before it is followed, with the grant of its stream', async () => {
    const gateway = bench();
    const { first, following } = await gateway.deliver();
    expect(first).toMatchObject({ status: 200, body: {}, headers: { 'access-log': 'log.example 0' } });
    expect(following).toBeDefined();
    expect(gateway.log.events).toMatchObject([
      {
        kind: 'access',
        outcome: 'RELEASED',
        jtis: expect.arrayContaining(['grant-jti']),
        subjects: [{ child: JOINED, released: [] }],
      },
    ]);
  });

  test('that cannot be recorded is closed, and tells nothing', async () => {
    const gateway = bench();
    gateway.log.failing = true;
    const { first, following } = await gateway.deliver();
    expect([first.status, following]).toEqual([503, undefined]);
    expect(gateway.subscribed[0]?.signal.aborted).toBe(true);
    expect(gateway.open()).toBe(0);
  });

  test('gives its place back when it ends, breaks, or is left', async () => {
    const left = bench();
    const delivery = await left.deliver();
    expect(left.open()).toBe(1);
    delivery.close();
    expect([left.open(), left.subscribed[0]?.signal.aborted]).toEqual([0, true]);

    const ended = bench(async function* () {});
    expect(await next(await ended.deliver())).toBeUndefined();
    expect(ended.open()).toBe(0);

    const broken = bench(async function* () {
      yield* [];
      throw new StreamError(LOST);
    });
    const lost = await broken.deliver();
    expect(codeOf(await next(lost))).toBe('SUBGRAPH_UNAVAILABLE');
    expect(await next(lost)).toBeUndefined();
    expect(broken.open()).toBe(0);
  });

  test.each([
    ['an agency does not open it', new StreamError(LOST), 200],
    ['it goes wrong in a way of our own', new Error('broken'), 500],
  ])('holds no place where %s', async (_case, cause, status) => {
    const gateway = bench(() => {
      throw cause;
    });
    const { first, following } = await gateway.deliver();
    expect([first.status, following, gateway.open()]).toEqual([status, undefined, 0]);
    expect(first.body.data ?? null).toBeNull();
  });

  test('ends with the session, also while nothing happens, and says so', async () => {
    const gateway = bench(silence, { expiresAt: new Date(NOW.getTime() + 50) });
    const delivery = await gateway.deliver();
    const response = await next(delivery);
    expect([response?.status, response?.body.data, codeOf(response)]).toEqual([
      401,
      undefined,
      'UNAUTHENTICATED',
    ]);
    expect(await next(delivery)).toBeUndefined();
    expect(gateway.open()).toBe(0);
  });

  test('ends with its supergraph, and says so', async () => {
    const gateway = bench(silence);
    const delivery = await gateway.deliver();
    const last = next(delivery);
    gateway.replace();
    expect([(await last)?.status, codeOf(await last)]).toEqual([403, 'SUBSCRIPTION_OUTDATED']);
    expect(await next(delivery)).toBeUndefined();
    expect(gateway.open()).toBe(0);
  });

  test('is told no more than its pace, however much the agency tells', async () => {
    const { atOnce, perSecond } = EVENT_PACE;
    const delivery = await bench().deliver();
    const begun = performance.now();
    for (let told = 0; told < atOnce + 3; told++) expect((await next(delivery))?.status).toBe(200);
    // Timers may be early by a millisecond.
    expect(performance.now() - begun).toBeGreaterThan((3 / perSecond) * 1_000 - 10);
    delivery.close();
  });

  test('that is left is told nothing', async () => {
    const gateway = bench(silence);
    const delivery = await gateway.deliver();
    const last = next(delivery);
    delivery.close();
    expect(await last).toBeUndefined();
  });

  test('that goes wrong in a way of our own says nothing of it', async () => {
    const gateway = bench(async function* () {
      yield* [];
      throw new Error('Anna Smith');
    });
    const response = await next(await gateway.deliver());
    expect(codeOf(response)).toBe('INTERNAL_SERVER_ERROR');
    expect(JSON.stringify(response)).not.toContain('Anna');
  });

  test('is asked of nobody where its transport takes one answer', async () => {
    const gateway = bench();
    const response = await gateway.pipeline(requestFor(CHANGED, { headers: { purpose: 'ED' } }));
    expect([response.status, codeOf(response), gateway.subscribed]).toEqual([400, 'BAD_REQUEST', []]);
  });
});

describe('an event', () => {
  test('is an access event of its own', async () => {
    const gateway = bench();
    const delivery = await gateway.deliver();
    expect(await next(delivery)).toMatchObject({
      status: 200,
      body: { data: CHANGE },
      headers: { 'access-log': 'log.example 1' },
    });
    await next(delivery);
    const nonces = gateway.log.events.map(({ nonce }) => nonce);
    expect(new Set(nonces).size).toBe(3);
  });

  test('of a child who may not be known any more is not told, and is on record', async () => {
    const gateway = bench(async function* () {
      yield new RootEvent('', { kind: 'UNAVAILABLE' });
      gateway.known[JOINED] = NO_RELATIONSHIP;
      yield new RootEvent('', { kind: 'UNAVAILABLE' });
    });
    const delivery = await gateway.deliver();
    expect((await next(delivery))?.body.data).toEqual(CHANGE);
    expect(await next(delivery)).toBeUndefined();
    expect(gateway.log.events.at(-1)).toMatchObject({
      outcome: 'PARTIAL',
      subjects: [{ child: JOINED, released: [], withheld: expect.arrayContaining(['Child.id']) }],
    });
  });

  test('of nobody is told where it says something, and is on record where it does not', async () => {
    const gateway = bench(manyEvents, { notices: ['one', null, 'three'] });
    const delivery = await gateway.deliver('subscription { notice }');
    expect((await next(delivery))?.body.data).toEqual({ notice: 'one' });
    expect((await next(delivery))?.body.data).toEqual({ notice: 'three' });
    expect(gateway.log.events).toHaveLength(4);
    delivery.close();
  });

  test('that is withheld has an empty body, whoever should carry it', async () => {
    const gateway = bench();
    const delivery = await gateway.pipeline({
      ...requestFor(CHANGED, { headers: { purpose: 'ED' } }),
      streams: true,
    });
    const event = await delivery.subscription?.events[Symbol.asyncIterator]().next();
    gateway.known[JOINED] = NO_RELATIONSHIP;
    const request = requestFor(CHANGED, { headers: { purpose: 'ED' } });
    const { withheld, body } = await gateway.pipeline({ ...request, event: event?.value });
    expect([withheld, body]).toEqual([true, {}]);
  });

  test('after the session has ended is refused, and recorded as the practitioner’s', async () => {
    const gateway = bench();
    const delivery = await gateway.deliver();
    delete gateway.principals['worker'];
    const response = await next(delivery);
    expect([response?.status, response?.body.data, codeOf(response)]).toEqual([
      401,
      undefined,
      'UNAUTHENTICATED',
    ]);
    expect(await next(delivery)).toBeUndefined();
    expect(gateway.log.events.at(-1)).toMatchObject({
      kind: 'access',
      practitioner: 'p-teacher',
      refusal: { code: 'UNAUTHENTICATED' },
    });
    expect(gateway.open()).toBe(0);
  });

  test.each([
    ['role', () => principalOf('reviewing-officer'), 'UNAUTHORIZED_FIELD_OR_TYPE'],
    [
      'organisation',
      () => ({ ...principalOf('teacher'), organisationId: 'SCHOOL-2' }),
      'SUBSCRIPTION_OUTDATED',
    ],
    [
      'scopes',
      () => ({ ...principalOf('teacher'), scopes: ['audit:read' as never] }),
      'SUBSCRIPTION_OUTDATED',
    ],
  ])('is refused once the %s is another', async (_case, changed) => {
    const gateway = bench();
    const delivery = await gateway.deliver();
    gateway.principals['worker'] = changed();
    const response = await next(delivery);
    expect([response?.status, codeOf(response)]).toEqual([403, 'SUBSCRIPTION_OUTDATED']);
    expect(await next(delivery)).toBeUndefined();
  });

  test('that the log does not take has no data, and is the last', async () => {
    const gateway = bench();
    const delivery = await gateway.deliver();
    gateway.log.failing = true;
    const response = await next(delivery);
    expect([response?.status, response?.body.data, codeOf(response)]).toEqual([
      503,
      undefined,
      'AUDIT_UNAVAILABLE',
    ]);
    expect(await next(delivery)).toBeUndefined();
  });
});
