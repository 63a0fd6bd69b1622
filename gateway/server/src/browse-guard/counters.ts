import type { BrowseLimits } from './limits.ts';
import { type Buckets, type Counted, DAY, HOUR, sumWithin } from './window.ts';

/** What one operation showed or failed to find. */
export interface Addition {
  /** Minute since 1970 to which it is added. */
  readonly minute: number;
  readonly children: readonly string[];
  readonly misses: readonly string[];
  /** Of whoever is counted: what goes past one is not shown, and is counted only as far as to pass it. */
  readonly limits: BrowseLimits;
}

/**
 * The counts of every practitioner. What was counted within the last hour is not counted again: a front end asks for one
 * child in several operations, and asking again shows nothing new.
 */
export interface BrowseCounters {
  /**
   * Adds in one step, however many add at once, and tells what is counted after it. Nothing is ever taken back; what
   * would be added beyond a limit that is passed is left out, since nothing of it is shown: a burst that is refused
   * must not fill the day. The same object says that nothing has changed since it was given, the minute included.
   *
   * @throws Error when the counts are out of reach; it may have been added all the same.
   */
  add(practitioner: string, addition: Addition): Promise<Counted>;
  /** Whether an addition would be counted now. */
  reachable(): boolean;
  close(): void;
}

interface PractitionerCounts {
  /** By child, and by question, the minute of the last count. */
  readonly children: Map<string, number>;
  readonly misses: Map<string, number>;
  readonly openings: Map<number, number>;
  /** Minute of the last addition. */
  last: number;
  /** What was told of it in that minute; undefined once it is no longer so. */
  told: Counted | undefined;
}

/** Counts of one gateway without Redis. They begin anew with each process. */
export function createInProcessCounters(): BrowseCounters {
  const counts = new Map<string, PractitionerCounts>();
  let sweptAt = 0;

  return {
    async add(practitioner, { minute, children, misses, limits }) {
      if (minute - sweptAt > HOUR) {
        sweptAt = minute;
        for (const [name, { last }] of counts) if (minute - last > DAY) counts.delete(name);
      }
      const own = counts.get(practitioner) ?? {
        ...{ children: new Map<string, number>(), misses: new Map<string, number>() },
        ...{ openings: new Map<number, number>(), last: minute, told: undefined },
      };
      counts.set(practitioner, own);
      if (own.last !== minute) own.told = undefined;
      own.last = minute;

      if (children.some((child) => isNew(own.children, child, minute)))
        countChildren(own, children, minute, limits);
      if (misses.some((question) => isNew(own.misses, question, minute)))
        countMisses(own, misses, minute, limits);
      own.told ??= tell(own, minute);
      return own.told;
    },
    reachable: () => true,
    close() {},
  };
}

export function byMinute(minutes: Iterable<number>): Buckets {
  const buckets = new Map<number, number>();
  for (const minute of minutes) buckets.set(minute, (buckets.get(minute) ?? 0) + 1);
  return buckets;
}

/** Not counted within the last hour. */
function isNew(counted: ReadonlyMap<string, number>, name: string, minute: number): boolean {
  const last = counted.get(name);
  return last === undefined || minute - last > HOUR;
}

function countChildren(
  own: PractitionerCounts,
  children: readonly string[],
  minute: number,
  limits: BrowseLimits,
): void {
  const counted = tell(own, minute);
  let hour = sumWithin(counted.children, HOUR, minute);
  let day = sumWithin(counted.children, DAY, minute);
  let openings = sumWithin(counted.openings, DAY, minute);
  for (const child of children) {
    if (hour > limits.recordsPerHour || openings > limits.recordsPerDay || day > limits.childrenPerDay)
      return;
    if (!isNew(own.children, child, minute)) continue;
    hour++;
    openings++;
    if (!own.children.has(child)) day++;
    own.children.set(child, minute);
    own.openings.set(minute, (own.openings.get(minute) ?? 0) + 1);
    own.told = undefined;
  }
}

function countMisses(
  own: PractitionerCounts,
  misses: readonly string[],
  minute: number,
  limits: BrowseLimits,
): void {
  let hour = sumWithin(tell(own, minute).misses, HOUR, minute);
  for (const question of misses) {
    if (hour > limits.missesPerHour) return;
    if (!isNew(own.misses, question, minute)) continue;
    hour++;
    own.misses.set(question, minute);
    own.told = undefined;
  }
}

/** What is counted now; what has left its window is forgotten. */
function tell({ children, openings, misses }: PractitionerCounts, minute: number): Counted {
  for (const [child, last] of children) if (minute - last > DAY) children.delete(child);
  for (const [opened] of openings) if (minute - opened > DAY) openings.delete(opened);
  for (const [question, last] of misses) if (minute - last > HOUR) misses.delete(question);
  return {
    children: byMinute(children.values()),
    openings: new Map(openings),
    misses: byMinute(misses.values()),
  };
}
