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

/** The limit that is passed, of several the one that is so for longest, and when it no longer is. */
export interface Excess {
  readonly limit: LimitName;
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
  const longest = passed.reduce<(typeof passed)[number] | undefined>(
    (most, each) => (most === undefined || each.freeFrom > most.freeFrom ? each : most),
    undefined,
  );
  if (longest === undefined) return undefined;
  return {
    limit: longest.name,
    retryAfter: Math.max(1, Math.ceil((longest.freeFrom * MINUTE - at.getTime()) / 1_000)),
  };
}

/** How many were counted within the last minutes, the present one included. */
export function sumWithin(buckets: Buckets, window: number, minute: number): number {
  let sum = 0;
  for (const [bucket, count] of buckets) if (bucket >= minute - window) sum += count;
  return sum;
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
