import type { ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type AskedSubgraph,
  answered,
  startAskedSubgraph,
  TIMEOUT,
  UNAVAILABLE,
} from '../testing/asked-subgraph.ts';
import type { BatchingSubgraph } from '../testing/batching-subgraph.ts';
import { Abandonment } from './abandonment.ts';
import type { SubgraphClient } from './subgraph-client.ts';

let subgraph: BatchingSubgraph;
let ask: AskedSubgraph['ask'];
let client: SubgraphClient;
let close: AskedSubgraph['close'];

beforeEach(async () => {
  ({ subgraph, ask, client, close } = await startAskedSubgraph());
});
afterEach(() => close());

describe('where nobody answers', () => {
  const hangUp = (_: unknown, response: ServerResponse) => {
    response.socket?.destroy();
  };

  test('a read is sent once more', async () => {
    const { single } = subgraph;
    subgraph.single = (operation, response) => {
      subgraph.single = single;
      hangUp(operation, response);
    };
    expect(await ask('a')).toEqual(answered('a'));
    expect(subgraph.arrived).toHaveLength(2);
  });

  test('a mutation is not: it may have been done', async () => {
    subgraph.single = hangUp;
    expect(await ask('m', { query: 'mutation{do}' })).toEqual(UNAVAILABLE);
    expect(subgraph.arrived).toHaveLength(1);
  });

  test('a read is not either when it was answered, however badly', async () => {
    subgraph.single = (_operation, response) => void response.writeHead(500).end('{}');
    expect(await ask('a')).toEqual(UNAVAILABLE);
    expect(subgraph.arrived).toHaveLength(1);
  });

  test('an operation that is given up already asks nobody', async () => {
    const abandonment = new Abandonment();
    abandonment.abandon();
    expect(await ask('late', { abandonment })).toEqual(UNAVAILABLE);
    expect(subgraph.arrived).toEqual([]);
  });

  test('an operation that has no time left asks nobody', async () => {
    const request = { query: '{ of }', variables: {}, extensions: { grant: 'late' } };
    expect(await client.ask(request, undefined, performance.now() - 1)).toEqual(UNAVAILABLE);
    expect(subgraph.arrived).toEqual([]);
  });

  test('and one that has little waits no longer, without asking again', async () => {
    subgraph.single = () => undefined;
    const begun = performance.now();
    const request = { query: '{ of }', variables: {}, extensions: { grant: 'late' } };
    expect(await client.ask(request, undefined, begun + 800)).toEqual(UNAVAILABLE);
    expect(performance.now() - begun).toBeLessThan(TIMEOUT);
    expect(subgraph.arrived).toHaveLength(1);
    await expect.poll(() => subgraph.aborted()).toBe(1);
  });

  test('reads are sent once more within a budget', async () => {
    subgraph.single = (_operation, response) => void response.writeHead(503).end('{}');
    for (let turn = 0; turn < 40; turn++) expect(await ask('a')).toEqual(UNAVAILABLE);
    expect(subgraph.arrived.length).toBeGreaterThan(50);
    expect(subgraph.arrived.length).toBeLessThan(70);
  });

  test('a subgraph that never answers is left alone, until one request finds it well', async () => {
    subgraph.single = (_operation, response) => void response.writeHead(503).end('{}');
    const well = subgraph.batch;
    for (let turn = 0; turn < 80; turn++) await ask('a');
    const before = subgraph.arrived.length;
    for (let turn = 0; turn < 20; turn++) expect(await ask('a')).toEqual(UNAVAILABLE);
    expect(subgraph.arrived).toHaveLength(before);

    subgraph.batch = well;
    subgraph.single = (operation, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ data: { of: operation.extensions['grant'] } }));
    };
    await expect.poll(() => ask('b'), { timeout: 5_000 }).toEqual(answered('b'));
    expect(await ask('c')).toEqual(answered('c'));
  });

  describe('while one request finds out whether it is back', () => {
    const request = { query: '{ of }', variables: {}, extensions: { grant: 'probe' } };

    /** Asks until the one request is under way, which hangs until it is answered. */
    async function probe(abandonment?: Abandonment, time = 10 * TIMEOUT) {
      const { single } = subgraph;
      subgraph.single = (_operation, response) => void response.writeHead(503).end('{}');
      for (let turn = 0; turn < 80; turn++) await ask('a');
      subgraph.arrived.length = 0;
      const { promise: arrived, resolve } = Promise.withResolvers<ServerResponse>();
      subgraph.single = (_operation, response) => resolve(response);
      for (;;) {
        const asked = client.ask(request, abandonment, performance.now() + time);
        await setTimeout(50);
        if (subgraph.arrived.length === 0) continue;
        const response = await arrived;
        const comeBack = () => {
          subgraph.single = single;
          single(request, response);
        };
        return { asked, comeBack };
      }
    }

    test('nobody waits for it', async () => {
      const { asked } = await probe();
      const begun = performance.now();
      expect(await Promise.all(['b', 'c'].map((grant) => ask(grant)))).toEqual([UNAVAILABLE, UNAVAILABLE]);
      expect(performance.now() - begun).toBeLessThan(TIMEOUT / 4);
      expect(await asked).toEqual(UNAVAILABLE);
      expect(subgraph.arrived).toHaveLength(1);
    });

    test('who asked it may leave, and learns nothing; it goes on, and nobody else is let through', async () => {
      const abandonment = new Abandonment();
      const { asked } = await probe(abandonment);
      abandonment.abandon();
      const begun = performance.now();
      expect(await asked).toEqual(UNAVAILABLE);
      expect(performance.now() - begun).toBeLessThan(TIMEOUT / 4);
      expect(subgraph.aborted()).toBe(0);
      expect(await ask('b')).toEqual(UNAVAILABLE);
      expect(subgraph.arrived).toHaveLength(1);
    });

    test('its operation has no longer than any other', async () => {
      const { asked } = await probe(undefined, 300);
      const begun = performance.now();
      expect(await asked).toEqual(UNAVAILABLE);
      expect(performance.now() - begun).toBeLessThan(TIMEOUT / 2);
      expect(subgraph.aborted()).toBe(0);
    });

    test('its answer lets everybody in, though who asked has left', async () => {
      const abandonment = new Abandonment();
      const { comeBack } = await probe(abandonment);
      abandonment.abandon();
      comeBack();
      await expect.poll(() => ask('b')).toEqual(answered('b'));
    });
  });
});
