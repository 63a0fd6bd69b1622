import { isCalendarDate } from '@contactpoint/access/calendar-date';

/** Day and month the other way round, the commonest slip with dates; undefined where that is no other day. */
export function transposedDate(date: string): string | undefined {
  const transposed = `${date.slice(0, 4)}-${date.slice(8)}-${date.slice(5, 7)}`;
  return transposed !== date && isCalendarDate(transposed) ? transposed : undefined;
}
