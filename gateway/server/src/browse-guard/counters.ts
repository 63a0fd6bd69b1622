import { type Buckets, type Counted, DAY, HOUR } from './window.ts';

/** What one operation showed or failed to find, under names that say nothing of whom. */
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
   * Adds in one step, however many add at once, and tells what is counted after it. Nothing is ever taken back.
   *
   * @throws Error when the counts are out of reach; it may have been added all the same.
   */
  add(practitioner: string, addition: Addition): Promise<Counted>;
  close(): void;
}

interface PractitionerCounts {
  /** By child, and by question, the minute of the last count. */
  readonly children: Map<string, number>;
  readonly misses: Map<string, number>;
  readonly openings: Map<number, number>;
  /** Minute of the last addition. */
  last: number;
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
        ...{ openings: new Map<number, number>(), last: minute },
      };
      counts.set(practitioner, own);
      own.last = Math.max(own.last, minute);

      for (const child of children) {
        if (!countAnew(own.children, child, minute)) continue;
        own.openings.set(minute, (own.openings.get(minute) ?? 0) + 1);
      }
      for (const question of misses) countAnew(own.misses, question, minute);
      forget(own, minute);
      return {
        children: byMinute(own.children.values()),
        openings: new Map(own.openings),
        misses: byMinute(own.misses.values()),
      };
    },
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

function forget({ children, openings, misses }: PractitionerCounts, minute: number): void {
  for (const [child, last] of children) if (minute - last > DAY) children.delete(child);
  for (const [opened] of openings) if (minute - opened > DAY) openings.delete(opened);
  for (const [question, last] of misses) if (minute - last > HOUR) misses.delete(question);
}
