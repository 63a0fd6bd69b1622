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
  const [year, month, day] = partsOf(value);
  return month >= 1 && month <= 12 && day >= 1 && day <= lastDayOf(year, month);
}

/** The same day that many months later, or earlier; the month's last day where it has no such day. */
export function plusMonths(date: string, months: number): string {
  const [year, month, day] = partsOf(date);
  const since = year * 12 + month - 1 + months;
  const laterYear = Math.floor(since / 12);
  const laterMonth = (since % 12) + 1;
  const laterDay = Math.min(day, lastDayOf(laterYear, laterMonth));
  return `${padded(laterYear, 4)}-${padded(laterMonth, 2)}-${padded(laterDay, 2)}`;
}

/** A Date to reckon with, made and written again, takes ten times as long, and each request reckons with three dates. */
function partsOf(date: string): [year: number, month: number, day: number] {
  return [Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8, 10))];
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}

const LAST_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** @param month From 1. */
function lastDayOf(year: number, month: number): number {
  const isLeapYear = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && isLeapYear ? 29 : (LAST_DAYS[month - 1] as number);
}

/** Whole days from one calendar date to another; negative where the second is earlier. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY;
}
