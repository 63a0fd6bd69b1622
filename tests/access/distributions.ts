/** Measurements of two situations, taken in turn; those of one pair next to each other. */
export type Pair = readonly [one: number, other: number];

export interface Comparison {
  /** Largest difference between the two empirical distributions, 0 to 1: Kolmogorov and Smirnov's. */
  readonly distance: number;
  /** Part of the permutations that set them at least as far apart: how likely chance alone does. */
  readonly probability: number;
  readonly medians: Pair;
}

/** Pairs on each side of one that say how long everything took at its time. */
const NEIGHBOURS = 25;

/**
 * Compares two distributions by permutation. What changes while one measures, a busy machine, a warmer cache, concerns
 * both: it is taken off by the median of the neighbouring pairs, and labels are exchanged within pairs only.
 *
 * @param random Uniform from 0 to 1.
 * @param rounds Permutations; the smallest probability that can come out is one in as many and one.
 */
export function compareDistributions(
  pairs: readonly Pair[],
  random: () => number,
  rounds = 2_000,
): Comparison {
  const measured = pairs.flatMap((pair, index) => {
    const around = pairs.slice(Math.max(0, index - NEIGHBOURS), index + NEIGHBOURS + 1);
    const usual = medianOf(around.flat());
    return pair.map((value, side) => ({ value: value - usual, index, side }));
  });
  measured.sort((a, b) => a.value - b.value);
  const straight = new Int8Array(pairs.length).fill(1);
  const distance = distanceOf(measured, straight);

  let asFar = 1;
  const turned = new Int8Array(pairs.length);
  for (let round = 0; round < rounds; round++) {
    for (let index = 0; index < turned.length; index++) turned[index] = random() < 0.5 ? 1 : -1;
    if (distanceOf(measured, turned) >= distance) asFar++;
  }
  const sides = [0, 1].map((side) => medianOf(pairs.map((pair) => pair[side] as number)));
  return { distance, probability: asFar / (rounds + 1), medians: sides as unknown as Pair };
}

interface Measured {
  readonly value: number;
  /** Of its pair. */
  readonly index: number;
  readonly side: number;
}

/** @param signs By pair: 1 as measured, -1 with its two exchanged. */
function distanceOf(measured: readonly Measured[], signs: Int8Array): number {
  let apart = 0;
  let farthest = 0;
  for (const [place, { value, index, side }] of measured.entries()) {
    apart += (side === 0 ? 1 : -1) * (signs[index] ?? 0);
    // Between equal values the distributions are not compared: neither has ended its step.
    if (measured[place + 1]?.value !== value) farthest = Math.max(farthest, Math.abs(apart));
  }
  return farthest / signs.length;
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
