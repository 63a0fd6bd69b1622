import { join } from 'node:path';
import { startCluster } from '@contactpoint/scripts/postgres/embedded-postgres';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readMetric } from '../../metric.ts';
import type { TestSystem } from '../../running-system.ts';
import { readAskedLeaves } from '../access-log.ts';
import { forgeToken } from '../tokens.ts';
import { type Subscribing, TRANSPORTS } from './subscriber.ts';
import type { SubscribingAgencies } from './subscribing-agencies.ts';
import {
  CLOSED,
  endOf,
  next,
  type SubscriptionStage,
  startSubscriptionStage,
  WITHIN,
} from './subscription-stage.ts';

let stage: SubscriptionStage;
let system: TestSystem;
let agencies: SubscribingAgencies;
let accreditation: postgres.Sql;
beforeAll(async () => {
  stage = await startSubscriptionStage();
  ({ system, agencies } = stage);
  accreditation = postgres(system.databases.accreditation, { max: 1 });
});
afterAll(async () => {
  await accreditation?.end();
  await stage?.stop();
});
afterEach(() => stage.leaveAll());

describe.each(TRANSPORTS)('over %s', (transport) => {
  test('a suspension between two events ends it at the second, which stays untold', async () => {
    const { joined: id } = system.scenarios;
    const subscriber = await stage.listen(transport, 'teacher', { ...stage.joined(), purpose: 'ED' });
    agencies.changed(id);
    await next(subscriber, 0);
    const known = (await readAskedLeaves(system)).length;
    await accreditation`update practitioner set suspended_at = now() where id = 'p-teacher'`;
    await expect.poll(() => stage.statusOf('teacher'), WITHIN).toBe(403);
    agencies.changed(id);
    const end = await endOf(subscriber);
    await accreditation`update practitioner set suspended_at = null where id = 'p-teacher'`;
    expect(end).toEqual(['ACCREDITATION_LAPSED']);
    expect(subscriber.heard.filter(({ data }) => data !== undefined)).toHaveLength(1);
    await expect.poll(() => agencies.listening(), WITHIN).toBe(0);
    const [refusal] = (await stage.leavesSince(known, 1)).slice(-1);
    expect(refusal?.event).toMatchObject({
      practitioner: 'p-teacher',
      outcome: 'REFUSED',
      refusal: { code: 'ACCREDITATION_LAPSED', detail: 'SUSPENDED' },
    });
    await expect.poll(() => stage.statusOf('teacher'), WITHIN).toBe(200);
  });

  test('a session that ends closes it there and then, though nothing happens', async () => {
    const exp = Math.floor(Date.now() / 1_000) + 4;
    const token = await forgeToken(system, 'teacher', { by: 'issuer', claims: { exp } });
    const subscriber = await stage.listen(transport, 'teacher', { query: CLOSED, token });
    expect(await endOf(subscriber)).toEqual(['UNAUTHENTICATED']);
    expect(Date.now()).toBeGreaterThanOrEqual(exp * 1_000);
    expect(subscriber.heard.filter(({ data }) => data !== undefined)).toEqual([]);
    await expect.poll(() => agencies.listening(), WITHIN).toBe(0);
  });

  test('who leaves is let go of at the agency', async () => {
    const subscriber = await stage.listen(transport, 'social-worker', stage.joined());
    expect(await openSubscriptions()).toBe(1);
    subscriber.leave();
    await expect.poll(() => agencies.listening(), WITHIN).toBe(0);
    await expect.poll(openSubscriptions, WITHIN).toBe(0);
  });
});

describe('what else ends a subscription', () => {
  const both = async (subscribing: () => Subscribing) => [
    await stage.listen('sse', 'social-worker', subscribing()),
    await stage.listen('ws', 'social-worker', subscribing()),
  ];

  test('an agency that dies', async () => {
    const subscribers = await both(() => ({ query: CLOSED }));
    await agencies.stopClosures();
    for (const each of subscribers) expect(await endOf(each)).toEqual(['SUBGRAPH_UNAVAILABLE']);
  });

  test('a log that cannot be written: what happened stays untold', async () => {
    const subscribers = await both(stage.joined);
    await system.clusters.embedded.audit?.stop();
    agencies.changed(system.scenarios.joined);
    for (const each of subscribers) {
      expect(await endOf(each)).toEqual(['AUDIT_UNAVAILABLE']);
      expect(each.heard.filter(({ data }) => data != null)).toEqual([]);
    }
    await expect.poll(() => agencies.listening(), WITHIN).toBe(0);
    await startCluster({ folder: join(system.data, 'audit-postgres'), port: system.ports.auditDatabase });
    await expect.poll(() => stage.statusOf('social-worker'), { timeout: 60_000, interval: 250 }).toBe(200);
  });

  test('a gateway that stops', async () => {
    const subscribers = await both(stage.joined);
    await stage.gateway.stop();
    for (const each of subscribers) {
      await expect.poll(() => each.ended(), WITHIN).toBeDefined();
      expect(each.heard).toEqual([]);
    }
    await expect.poll(() => agencies.listening(), WITHIN).toBe(0);
  });
});

function openSubscriptions(): Promise<number> {
  return readMetric(stage.gateway.url, 'contactpoint_subscriptions_open');
}
