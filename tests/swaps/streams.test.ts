import { afterAll, beforeAll, expect, test } from 'vitest';
import { codesOf, type Subscriber, subscribe, TRANSPORTS } from '../access/subscriptions/subscriber.ts';
import { SERVED_WITHIN, type SwappedGateway, startSwappedGateway } from './swapped-gateway.ts';

const SWAPS = process.env['NIGHTLY'] === '1' ? 300 : 12;

/** Streams that are open at each swap, by each transport. */
const STREAMS = 3;

/** Bytes by which the heap may have grown over all swaps: a former supergraph that stays takes some five million. */
const GROWTH = 20_000_000;

const WITHIN = { timeout: SERVED_WITHIN };

let gateway: SwappedGateway;

beforeAll(async () => {
  gateway = await startSwappedGateway();
});
afterAll(async () => {
  await gateway?.remove();
});

async function open(): Promise<Subscriber[]> {
  const { system, editions } = gateway;
  const query = 'subscription Told { editionTold { number } }';
  const subscribers = await Promise.all(
    TRANSPORTS.flatMap((transport) =>
      Array.from({ length: STREAMS }, () =>
        subscribe(system, system.urls.gateway, transport, 'teacher', { query }),
      ),
    ),
  );
  await expect.poll(() => editions.listening(), WITHIN).toBe(subscribers.length);
  return subscribers;
}

/** Why it ended, however its transport says so. */
async function endOf({ heard, ended }: Subscriber): Promise<unknown[]> {
  await expect.poll(ended, WITHIN).toBeDefined();
  const told = heard.at(-1)?.errors?.map(({ extensions }) => extensions?.['code']);
  return ended() === 'complete' ? (told ?? []) : codesOf(ended());
}

test(`${SWAPS} swaps while streams are open: each ends at once and says why, and nothing of it stays`, async () => {
  const { editions } = gateway;
  const heaps: number[] = [];
  await gateway.serve(editions.supergraphOf(0));
  for (let edition = 1; edition <= SWAPS; edition++) {
    const subscribers = await open();
    editions.tell();
    for (const { heard } of subscribers) {
      await expect.poll(() => heard.length, WITHIN).toBe(1);
      expect(heard[0]?.data).toEqual({ editionTold: { number: edition - 1 } });
    }
    await gateway.serve(editions.supergraphOf(edition));
    for (const each of subscribers) {
      expect(await endOf(each)).toEqual(['SUBSCRIPTION_OUTDATED']);
      expect(each.heard.filter(({ data }) => data != null)).toHaveLength(1);
    }
    await expect.poll(() => editions.listening(), WITHIN).toBe(0);
    if (edition % Math.ceil(SWAPS / 6) === 0) heaps.push(await gateway.heapInUse());
  }
  await expect.poll(() => gateway.metric('contactpoint_supergraphs_alive'), WITHIN).toBe(1);
  await expect.poll(() => gateway.metric('contactpoint_subscriptions_open'), WITHIN).toBe(0);
  const [first = 0, last = 0] = [heaps[0], await gateway.heapInUse()];
  expect(last - first).toBeLessThan(GROWTH);
}, 3_600_000);
