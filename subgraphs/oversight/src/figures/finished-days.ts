import { londonDate } from '@contactpoint/access/calendar-date';

const DAY = 86_400_000;

/** Milliseconds after midnight until a day is counted: what began before midnight has ended and is in the log. */
const GRACE = 3_600_000;

/**
 * The last day in Europe/London, `YYYY-MM-DD`, that is counted. A day that still runs is not: whoever asks twice would see by
 * how much it grew meanwhile.
 */
export function lastFinishedDay(now: Date): string {
  const running = londonDate(new Date(now.getTime() - GRACE));
  return new Date(Date.parse(`${running}T00:00:00Z`) - DAY).toISOString().slice(0, 10);
}
