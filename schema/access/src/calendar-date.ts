/*
 * Calendar dates in Europe/London as `YYYY-MM-DD` strings. They compare as strings; a JavaScript Date would turn "the
 * day itself" into a moment, and then into the day before for anyone east of it.
 */

/** `en-CA` writes dates the ISO way. */
const LONDON = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' });

const DAY = 86_400_000;

/** The calendar date in Europe/London at that moment. */
export function londonDate(moment: Date): string {
  return LONDON.format(moment);
}

/** Whether the string is a day that exists: `2025-02-29` is none. */
export function isCalendarDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const moment = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(value);
}

/** The same day that many months later; the month's last day where it has no such day. */
export function plusMonths(date: string, months: number): string {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  const lastDay = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, lastDay))).toISOString().slice(0, 10);
}

/** Whole days from one calendar date to another; negative where the second is earlier. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY;
}
