import type { Finding } from '../finding.ts';

/** A log that goes on further than it could be read. */
export interface UnreadLog {
  readonly origin: string;
  /** Where reading it stopped, and up to where checkpoints cover it. */
  readonly next: bigint;
  readonly covered: bigint;
}

/**
 * LOG_UNREAD: checkpoints cover more of a log than oversight was led to. Which logs there are and where they end it asks the table
 * of writers, which no signature covers: whoever owns the database can leave one out there, and nobody would be told of what it
 * holds. The note is the log and the first index that was passed over; from then on it is read all the same.
 *
 * Catches such a log once an end. Leaves alone what grows while it is looked at, and what no checkpoint covers yet.
 *
 * @param now Of the machine.
 */
export function logUnread(unread: readonly UnreadLog[], now: Date): readonly Finding[] {
  return unread.map(({ origin, next, covered }) => ({
    ...{ practitionerId: null, organisationId: null, events: [] },
    at: now.toISOString(),
    occasion: `${origin} ${next} ${covered}`,
    note: `${origin} ${next}`,
  }));
}
