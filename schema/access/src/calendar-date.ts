/*
 * Calendar dates in Europe/London as `YYYY-MM-DD` strings. They compare as strings; a JavaScript Date would turn "the
 * day itself" into a moment, and then into the day before for anyone east of it.
 */

/** `en-CA` writes dates the ISO way. */
const LONDON = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' });

const DAY = 86_400_000;

const HOUR = 3_600_000;

/** By hour since the epoch. Formatting is dear, and each request asks about now and about when its caller was last active. */
const dates = new Map<number, string>();
const KEPT = 5_000;

/** The calendar date in Europe/London at that moment. Since 1970 clocks there have been whole hours from UTC. */
export function londonDate(moment: Date): string {
  const hour = Math.floor(moment.getTime() / HOUR);
  let date = dates.get(hour);
  if (date === undefined) {
    date = LONDON.format(moment);
    if (dates.size >= KEPT) dates.clear();
    if (hour >= 0) dates.set(hour, date);
  }
  return date;
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
