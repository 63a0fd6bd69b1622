import type { AccessEvent } from '@contactpoint/audit-log/access-event';

/**
 * Refusals before a caller is known, per source and minute. The first one in a minute is an event at once; those behind
 * it are counted into one more, so that a flood of forged tokens cannot fill the log.
 */
export interface RefusalCounter {
  /** @returns The event to record now, or undefined where the refusal was counted. */
  count(source: string, at: Date): AccessEvent | undefined;
  /** Events for the minutes that have ended by `at`; all of them when the gateway stops. */
  take(at: Date, all?: boolean): readonly AccessEvent[];
  /** Counts again what an event stood for that could not be recorded. */
  putBack(event: AccessEvent): void;
}

/** Sources counted apart; what comes from more of them is counted as one. */
const MOST_SOURCES = 1_000;
const OTHERS = 'others';
const MINUTE = 60_000;

export function createRefusalCounter(
  event: (refusals: NonNullable<AccessEvent['refusals']>, at: Date) => AccessEvent,
): RefusalCounter {
  const minutes = new Map<string, { first: Date; last: Date; count: number }>();

  return {
    count(source, at) {
      const key = minutes.has(source) || minutes.size < MOST_SOURCES ? source : OTHERS;
      const minute = minutes.get(key);
      if (minute !== undefined) {
        minute.last = at;
        minute.count++;
        return undefined;
      }
      minutes.set(key, { first: at, last: at, count: 0 });
      const now = at.toISOString();
      return event({ source: key, count: 1, from: now, to: now }, at);
    },
    take(at, all = false) {
      const events: AccessEvent[] = [];
      for (const [source, { first, last, count }] of minutes) {
        if (!all && at.getTime() - first.getTime() < MINUTE) continue;
        minutes.delete(source);
        if (count === 0) continue;
        events.push(event({ source, count, from: first.toISOString(), to: last.toISOString() }, at));
      }
      return events;
    },
    putBack({ refusals }) {
      if (refusals === undefined) return;
      const { source, count, from, to } = refusals;
      const [first, last] = [new Date(from), new Date(to)];
      const minute = minutes.get(source) ?? { first, last, count: 0 };
      minutes.set(source, {
        first: new Date(Math.min(first.getTime(), minute.first.getTime())),
        last: new Date(Math.max(last.getTime(), minute.last.getTime())),
        count: minute.count + count,
      });
    },
  };
}
