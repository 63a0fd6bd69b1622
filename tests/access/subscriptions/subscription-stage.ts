import { expect } from 'vitest';
import { startTestSystem, type TestSystem } from '../../running-system.ts';
import { type Leaf, readAskedLeaves } from '../access-log.ts';
import { type SecondGateway, startSecondGateway } from '../second-gateway.ts';
import {
  codesOf,
  type Heard,
  type Subscriber,
  type Subscribing,
  subscribe,
  type Transport,
} from './subscriber.ts';
import { type SubscribingAgencies, startSubscribingAgencies } from './subscribing-agencies.ts';

/** Milliseconds: nothing here is measured, and the machine may be busy. */
export const WITHIN = { timeout: 15_000, interval: 25 };

/** What `childChanged` is asked for; the directory, education and health answer it. */
export const FIELDS = `child {
  id familyName conditions { name } emergencyAttendances { on } senProvision enrolments { school { name } } addresses { postcode }
}`;

export const CLOSED = 'subscription Closed { schoolClosed { school because } }';

/** A system of its own, agencies that offer subscriptions, and a gateway in front of them. */
export interface SubscriptionStage {
  readonly system: TestSystem;
  readonly agencies: SubscribingAgencies;
  readonly gateway: SecondGateway;
  /** A social worker's, of the child that every agency knows. */
  joined(): Subscribing;
  /** Subscribes, and waits until the agency has somebody who listens. */
  listen(transport: Transport, persona: string, subscribing: Subscribing): Promise<Subscriber>;
  /** Subscribes in vain: codes of what was told, or else why it ended. */
  refused(transport: Transport, persona: string, subscribing: Subscribing): Promise<unknown[]>;
  /** Leaves of this gateway that came after the first `known` of the whole log, once there are as many. */
  leavesSince(known: number, many: number): Promise<Leaf[]>;
  statusOf(persona: string): Promise<number>;
  /** After each test: whoever still listens leaves, and the agencies are rid of them. */
  leaveAll(): Promise<void>;
  stop(): Promise<void>;
}

export async function startSubscriptionStage(): Promise<SubscriptionStage> {
  const system = await startTestSystem();
  const agencies = await startSubscribingAgencies(system);
  const gateway = await startSecondGateway(system, agencies.settings);
  const open: Subscriber[] = [];

  const begin = async (transport: Transport, persona: string, subscribing: Subscribing) => {
    const subscriber = await subscribe(system, gateway.url, transport, persona, subscribing);
    open.push(subscriber);
    return subscriber;
  };

  return {
    system,
    agencies,
    gateway,
    joined: () => ({
      query: `subscription Changed($id: ID!) { childChanged(id: $id) { at ${FIELDS} } }`,
      variables: { id: system.scenarios.joined },
      purpose: 'S47',
    }),
    async listen(transport, persona, subscribing) {
      const before = agencies.listening();
      const subscriber = await begin(transport, persona, subscribing);
      await expect
        .poll(() => agencies.listening() > before || subscriber.ended() !== undefined, WITHIN)
        .toBe(true);
      expect(subscriber.ended()).toBeUndefined();
      return subscriber;
    },
    async refused(transport, persona, subscribing) {
      const subscriber = await begin(transport, persona, subscribing);
      await expect.poll(() => subscriber.ended(), WITHIN).toBeDefined();
      const told = subscriber.heard.flatMap(({ errors = [] }) =>
        errors.map(({ extensions }) => extensions?.['code']),
      );
      return told.length > 0 ? told : await endOf(subscriber);
    },
    async leavesSince(known, many) {
      await expect
        .poll(async () => (await readAskedLeaves(system)).length, WITHIN)
        .toBeGreaterThanOrEqual(known + many);
      return (await readAskedLeaves(system)).filter(({ event }) => event.instance === 'gateway-2');
    },
    statusOf: async (persona) => (await gateway.ask(persona, { query: '{ __typename }' })).status,
    async leaveAll() {
      for (const each of open.splice(0)) each.leave();
      await expect.poll(() => agencies.listening(), WITHIN).toBe(0);
    },
    async stop() {
      await gateway.stop();
      await agencies.stop();
      await system.remove();
    },
  };
}

/** Why it ended: by GraphQL error, by status, or by the code of the close. */
export async function endOf(subscriber: Subscriber): Promise<unknown[]> {
  await expect.poll(() => subscriber.ended(), WITHIN).toBeDefined();
  const last = subscriber.heard.at(-1);
  if (subscriber.ended() === 'complete')
    return last?.errors?.map(({ extensions }) => extensions?.['code']) ?? [];
  const { response } = subscriber.ended() as { readonly response?: Response };
  if (response === undefined) return codesOf(subscriber.ended());
  const body = (await response.json()) as Heard;
  return [response.status, ...(body.errors ?? []).map(({ extensions }) => extensions?.['code'])];
}

/** What came after the first `known`. */
export async function next(subscriber: Subscriber, known: number): Promise<Heard> {
  await expect.poll(() => subscriber.heard.length, WITHIN).toBeGreaterThan(known);
  return subscriber.heard[known] as Heard;
}
