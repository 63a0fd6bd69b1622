import { type Buckets, type Counted, DAY, HOUR } from './window.ts';

/** What one operation showed or failed to find. */
export interface Addition {
  /** Minute since 1970 to which it is added. */
  readonly minute: number;
  readonly children: readonly string[];
  readonly misses: readonly string[];
}

/**
 * The counts of every practitioner. What was counted within the last hour is not counted again: a front end asks for one
 * child in several operations, and asking again shows nothing new.
 */
export interface BrowseCounters {
  /**
   * Adds in one step, however many add at once, and tells what is counted after it. Nothing is ever taken back. The same
   * object says that nothing has changed since it was given, the minute included.
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
    async add(practitioner, { minute, children, misses }) {
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

      for (const child of children) {
        if (!countAnew(own.children, child, minute)) continue;
        own.openings.set(minute, (own.openings.get(minute) ?? 0) + 1);
        own.told = undefined;
      }
      for (const question of misses) if (countAnew(own.misses, question, minute)) own.told = undefined;
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

function countAnew(counted: Map<string, number>, name: string, minute: number): boolean {
  const last = counted.get(name);
  if (last !== undefined && minute - last <= HOUR) return false;
  counted.set(name, minute);
  return true;
}

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
