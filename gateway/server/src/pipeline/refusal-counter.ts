import type { AccessEvent } from '@contactpoint/audit-log/access-event';

declare const counted: unique symbol;

/** Proof that a refusal of a caller who was never known is counted. Only the audit step's `recordOutcome` makes one. */
export interface Counted {
  readonly [counted]: true;
}

/**
 * Refusals before a caller is known, per source, code and minute. The first one in a minute is an event at once; those behind
 * it are counted into one more, so that a flood of forged tokens cannot fill the log.
 */
export interface RefusalCounter {
  /**
   * @param code Why: a token that is no good, or an identity provider that is out of reach.
   * @returns The event to record now, or undefined where the refusal was counted.
   */
  count(source: string, at: Date, code: string): AccessEvent | undefined;
  /** Events for the minutes that have ended by `at`; all of them when the gateway stops. */
  take(at: Date, all?: boolean): readonly AccessEvent[];
  /** Counts again what an event stood for that could not be recorded. */
  putBack(event: AccessEvent): void;
}

/** Sources counted apart; what comes from more of them is counted as one. */
const MOST_SOURCES = 1_000;
const OTHERS = 'others';
const MINUTE = 60_000;

interface Minute {
  readonly source: string;
  readonly code: string;
  readonly first: Date;
  last: Date;
  count: number;
}

/** @param event Makes the event of what was counted; its `refusal` has the code. */
export function createRefusalCounter(
  event: (refusals: NonNullable<AccessEvent['refusals']>, at: Date, code: string) => AccessEvent,
): RefusalCounter {
  const minutes = new Map<string, Minute>();

  return {
    count(from, at, code) {
      const isKnown = minutes.has(keyOf(from, code)) || minutes.size < MOST_SOURCES;
      const source = isKnown ? from : OTHERS;
      const minute = minutes.get(keyOf(source, code));
      if (minute !== undefined) {
        minute.last = at;
        minute.count++;
        return undefined;
      }
      minutes.set(keyOf(source, code), { source, code, first: at, last: at, count: 0 });
      const now = at.toISOString();
      return event({ source, count: 1, from: now, to: now }, at, code);
    },
    take(at, all = false) {
      const events: AccessEvent[] = [];
      for (const [key, { source, code, first, last, count }] of minutes) {
        if (!all && at.getTime() - first.getTime() < MINUTE) continue;
        minutes.delete(key);
        if (count === 0) continue;
        events.push(event({ source, count, from: first.toISOString(), to: last.toISOString() }, at, code));
      }
      return events;
    },
    putBack({ refusals, refusal }) {
      if (refusals === undefined || refusal === undefined) return;
      const { code } = refusal;
      const { source, count, from, to } = refusals;
      const [first, last] = [new Date(from), new Date(to)];
      const minute = minutes.get(keyOf(source, code)) ?? { first, last, count: 0 };
      minutes.set(keyOf(source, code), {
        source,
        code,
        first: new Date(Math.min(first.getTime(), minute.first.getTime())),
        last: new Date(Math.max(last.getTime(), minute.last.getTime())),
        count: minute.count + count,
      });
    },
  };
}

/** A source is an address, and no address holds a blank. */
function keyOf(source: string, code: string): string {
  return `${source} ${code}`;
}
