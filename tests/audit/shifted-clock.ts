import { readFileSync } from 'node:fs';

/**
 * Preloaded into a process whose clock is to be wrong: `Date` is off by the seconds that stand in the file CLOCK_SHIFT
 * names, looked at anew each time. The monotonic clock is right, as it is where somebody sets a machine's clock.
 */
const file = process.env['CLOCK_SHIFT'] ?? '';
const Right = Date;

function shift(): number {
  try {
    return Number(readFileSync(file, 'utf8')) * 1_000;
  } catch {
    return 0;
  }
}

globalThis.Date = class extends Right {
  constructor(...given: unknown[]) {
    super(...((given.length === 0 ? [Right.now() + shift()] : given) as [number]));
  }

  static override now(): number {
    return Right.now() + shift();
  }
} as DateConstructor;
