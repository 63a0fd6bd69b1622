import { request } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TestSystem } from '../../running-system.ts';
import { type Subscribing, subscribe, TRANSPORTS } from './subscriber.ts';
import type { SubscribingAgencies } from './subscribing-agencies.ts';
import {
  CLOSED,
  endOf,
  type SubscriptionStage,
  startSubscriptionStage,
  WITHIN,
} from './subscription-stage.ts';

let stage: SubscriptionStage;
let system: TestSystem;
let agencies: SubscribingAgencies;
beforeAll(async () => {
  stage = await startSubscriptionStage();
  ({ system, agencies } = stage);
});
afterAll(async () => {
  await stage?.stop();
});
afterEach(() => stage.leaveAll());

describe.each(TRANSPORTS)('over %s', (transport) => {
  test('nobody has more than ten at a time', async () => {
    for (let held = 0; held < 10; held++) await stage.listen(transport, 'teacher', { query: CLOSED });
    expect((await stage.refused(transport, 'teacher', { query: CLOSED })).at(-1)).toBe(
      'SUBSCRIPTION_LIMIT_EXCEEDED',
    );
    await stage.listen(transport, 'school-nurse', { query: CLOSED });
  });

  test.each<[string, string, () => Subscribing, string]>([
    [
      'without a purpose',
      'social-worker',
      () => ({ ...stage.joined(), purpose: undefined as never }),
      'PURPOSE_OF_USE_REQUIRED',
    ],
    ['from a suspended account', 'suspended', () => stage.joined(), 'ACCREDITATION_LAPSED'],
    [
      'with break-glass',
      'emergency-clinician',
      () => ({
        ...stage.joined(),
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
    expect((await stage.refused(transport, persona, subscribing())).at(-1)).toBe(code);
    expect(agencies.listening()).toBe(0);
  });

  test('is refused to a colleague’s stand-in, who only reads', async () => {
    const headers = { 'on-behalf-of': await system.token('teacher') };
    expect((await stage.refused(transport, 'social-worker', { ...stage.joined(), headers })).at(-1)).toBe(
      'UNAUTHORIZED_FIELD_OR_TYPE',
    );
  });

  test('is refused without a token that holds', async () => {
    expect(await stage.refused(transport, 'social-worker', { ...stage.joined(), token: 'forged' })).toEqual(
      transport === 'sse' ? [401, 'UNAUTHENTICATED'] : ['UNAUTHENTICATED'],
    );
  });
});

describe('a subscription is not answered', () => {
  test('by one answer', async () => {
    const answer = await stage.gateway.ask('social-worker', stage.joined());
    expect([answer.status, answer.body.errors?.[0]?.extensions?.['code']]).toEqual([400, 'BAD_REQUEST']);
    expect(answer.headers['access-log']).toBeDefined();
  });

  test('by GET, whose URL would hold what was asked for', async () => {
    const search = new URLSearchParams({ query: CLOSED });
    const answer = await request(`${stage.gateway.url}/graphql?${search}`, {
      headers: { authorization: `Bearer ${await system.token('teacher')}`, accept: 'text/event-stream' },
    });
    expect(answer.statusCode).toBe(405);
    await answer.body.dump();
  });

  test('where no agency offers any', async () => {
    const subscriber = await subscribe(system, system.urls.gateway, 'sse', 'social-worker', stage.joined());
    expect(await endOf(subscriber)).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
  });

  test('on another path', async () => {
    const subscriber = await subscribe(
      system,
      `${stage.gateway.url}/other`,
      'ws',
      'social-worker',
      stage.joined(),
    );
    await expect.poll(() => subscriber.ended(), WITHIN).toBeDefined();
    expect(agencies.listening()).toBe(0);
  });
});
