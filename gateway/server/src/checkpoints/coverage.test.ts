import { beforeEach, describe, expect, test } from 'vitest';
import { type Coverage, createCoverage } from './coverage.ts';

const PATIENCE = 60_000;

let clock: number;
let coverage: Coverage;
let beat: bigint;

beforeEach(() => {
  clock = 1_000_000;
  beat = 41n;
  coverage = createCoverage(PATIENCE, () => clock);
});

/** A look each second, at a signer that is alive and covers so much. */
function look(seconds: number, leaves: bigint, covered = leaves, isAlive = true): void {
  for (let second = 0; second < seconds; second++) {
    clock += 1_000;
    coverage.grew(leaves);
    if (isAlive) beat++;
    coverage.observed({ covered, beat, contradicts: false });
  }
}

test('what is signed and was not sent closes the log at once, and what was opens it again', () => {
  look(5, 3n);
  coverage.observed({ covered: 3n, beat: ++beat, contradicts: true });
  expect(coverage.isSound()).toBe(false);
  look(1, 3n);
  expect(coverage.isSound()).toBe(true);
});

describe('checkpoints cover a log', () => {
  test('not before the signer was heard: an old beat is none', () => {
    look(1, 1n, 1n, false);
    expect([coverage.isSound(), coverage.silence()]).toEqual([false, undefined]);
    look(1, 1n, 1n, false);
    expect(coverage.isSound()).toBe(false);
    look(1, 1n);
    expect([coverage.isSound(), coverage.silence()]).toEqual([true, 0]);
  });

  test('while it beats and signs, or there is nothing to sign', () => {
    look(300, 1n);
    look(300, 1_000n);
    expect([coverage.isSound(), coverage.lag()]).toEqual([true, 0]);
  });

  test('no longer than it has patience with a signer that is silent, and again from its next beat', () => {
    look(5, 10n);
    look(60, 10n, 10n, false);
    expect(coverage.isSound()).toBe(true);
    look(1, 10n, 10n, false);
    expect([coverage.isSound(), coverage.silence()]).toEqual([false, 61_000]);
    look(1, 10n);
    expect(coverage.isSound()).toBe(true);
  });

  test('no longer than it has patience with a signer that is out of reach', () => {
    look(5, 10n);
    clock += PATIENCE + 1;
    coverage.grew(10n);
    expect(coverage.isSound()).toBe(false);
  });

  test('no longer than it has patience with a signer that beats and does not sign', () => {
    look(5, 10n);
    look(59, 11n, 10n);
    expect(coverage.isSound()).toBe(true);
    look(2, 11n, 10n);
    expect(coverage.isSound()).toBe(false);
    expect(coverage.lag()).toBeGreaterThanOrEqual(60_000);
    look(1, 11n);
    expect([coverage.isSound(), coverage.lag()]).toEqual([true, 0]);
  });

  test('though a checkpoint is always a little behind', () => {
    look(5, 1n);
    for (let leaves = 2n; leaves < 500n; leaves++) look(1, leaves, leaves - 1n);
    expect(coverage.isSound()).toBe(true);
    expect(coverage.lag()).toBeLessThanOrEqual(2_000);
  });

  test('not, when it falls behind more and more', () => {
    look(5, 1n);
    for (let second = 1n; second <= 130n; second++) look(1, 1n + second * 2n, 1n + second);
    expect(coverage.isSound()).toBe(false);
  });
});
