/*
 * Calendar dates in Europe/London as `YYYY-MM-DD` strings. They compare as strings; a JavaScript Date would turn "the
 * day itself" into a moment, and then into the day before for anyone east of it.
 */

/** `en-CA` writes dates the ISO way. */
const LONDON = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' });

const DAY = 86_400_000;

const HOUR = 3_600_000;

/** Of the hour that was asked about last: requests ask about one hour, and formatting is dear. */
let last = { hour: Number.NaN, date: '' };

/** The calendar date in Europe/London at that moment. Clocks there have been whole hours from UTC since before 1970. */
export function londonDate(moment: Date): string {
  const hour = Math.floor(moment.getTime() / HOUR);
  if (hour < 0) return LONDON.format(moment);
  if (hour !== last.hour) last = { hour, date: LONDON.format(moment) };
  return last.date;
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
