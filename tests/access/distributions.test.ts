import { describe, expect, test } from 'vitest';
import { compareDistributions, type Pair } from './distributions.ts';

/** Park and Miller's generator: the same numbers each time. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Latencies as they are: mostly close together, a few far out, the whole drifting. */
function latencies(count: number, slower: (latency: number, random: () => number) => number): Pair[] {
  const random = numbersFrom(7);
  const latency = (drift: number) => 10 + drift + random() ** 8 * 50 + random();
  return Array.from({ length: count }, (_, index) => {
    const drift = (index / count) * 20;
    return [latency(drift), slower(latency(drift), random)];
  });
}

describe('compareDistributions', () => {
  test.each([
    ['the same, on a machine that grows busier', (latency: number) => latency, false],
    [
      'one slower by a tenth of a millisecond, where noise is a millisecond',
      (latency: number) => latency + 0.1,
      true,
    ],
    [
      'one slower for one request in ten',
      (latency: number, random: () => number) => latency + (random() < 0.1 ? 3 : 0),
      true,
    ],
    [
      'the same on average, one more scattered',
      (latency: number, random: () => number) => latency + 2 * random() - 1,
      true,
    ],
  ])('%s', (_case, slower, isTold) => {
    const { probability } = compareDistributions(latencies(3_000, slower), numbersFrom(11));
    expect(probability < 0.001).toBe(isTold);
  });

  test('says how far apart they are, and where their middles lie', () => {
    const pairs = [1, 2, 3, 4, 5].map((value): Pair => [value, value + 5]);
    expect(compareDistributions(pairs, numbersFrom(1), 99)).toMatchObject({ distance: 1, medians: [3, 8] });
    const equal = [1, 1, 2, 2].map((value): Pair => [value, value]);
    expect(compareDistributions(equal, numbersFrom(1), 99)).toMatchObject({ distance: 0, probability: 1 });
  });
});
