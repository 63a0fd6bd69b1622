import { type BrowseLimits, LIMIT_NAMES, type LimitName } from './limits.ts';

/** Minutes. */
export const HOUR = 60;
export const DAY = 24 * HOUR;

/** How many, by minute since 1970. */
export type Buckets = ReadonlyMap<number, number>;

/** What is counted of one practitioner. */
export interface Counted {
  /** Children by the minute in which each was last counted. */
  readonly children: Buckets;
  /** Records opened, by minute. */
  readonly openings: Buckets;
  /** Questions that found nobody, by the minute in which each was last counted. */
  readonly misses: Buckets;
}

/** The limits that are passed, and when the last of them no longer is. */
export interface Excess {
  readonly limits: readonly [LimitName, ...LimitName[]];
  /** Whole seconds until one more would fit, 1 at least. */
  readonly retryAfter: number;
}

/**
 * Compares a count with the limits. The windows slide by minutes, and a minute counts until all of it is out of the
 * window: for up to a minute too long, never too short.
 */
export function excessOf(counted: Counted, limits: BrowseLimits, at: Date): Excess | undefined {
  const minute = minuteOf(at);
  const passed = LIMIT_NAMES.flatMap((name) => {
    const { buckets, window } = WINDOWS[name](counted);
    const freeFrom = passedUntil(buckets, window, limits[name], minute);
    return freeFrom === undefined ? [] : [{ name, freeFrom }];
  });
  const [first, ...more] = passed.map(({ name }) => name);
  if (first === undefined) return undefined;
  const freeFrom = Math.max(...passed.map((each) => each.freeFrom));
  return {
    limits: [first, ...more],
    retryAfter: Math.max(1, Math.ceil((freeFrom * MINUTE - at.getTime()) / 1_000)),
  };
}

export function minuteOf(at: Date): number {
  return Math.floor(at.getTime() / MINUTE);
}

const MINUTE = 60_000;

const WINDOWS: Readonly<
  Record<LimitName, (counted: Counted) => { readonly buckets: Buckets; readonly window: number }>
> = {
  recordsPerHour: ({ children }) => ({ buckets: children, window: HOUR }),
  recordsPerDay: ({ openings }) => ({ buckets: openings, window: DAY }),
  childrenPerDay: ({ children }) => ({ buckets: children, window: DAY }),
  missesPerHour: ({ misses }) => ({ buckets: misses, window: HOUR }),
};

/** The minute from which on there is room for one more; undefined where the limit is not passed. */
function passedUntil(buckets: Buckets, window: number, limit: number, minute: number): number | undefined {
  const within = [...buckets].filter(([bucket]) => bucket >= minute - window);
  let sum = within.reduce((total, [, count]) => total + count, 0);
  if (sum <= limit) return undefined;
  for (const [bucket, count] of within.sort(([one], [other]) => one - other)) {
    sum -= count;
    if (sum < limit) return bucket + window + 1;
  }
  return minute + window + 1;
}
