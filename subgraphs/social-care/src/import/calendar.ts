/** Days in the longest pregnancy that statutory returns expect: 40 weeks before birth a child cannot be referred. */
export const DAYS_BEFORE_BIRTH = 280;

/** `2016-02-29` as it stands; undefined when it is no day of the calendar. */
export function calendarDate(value: string): string | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
  if (parts === null) return undefined;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  if (year < 1900 || month < 1 || month > 12 || day < 1) return undefined;
  return day <= daysInMonth(year, month) ? value : undefined;
}

/** `29/02/2016`, as SSDA903 writes it, in ISO 8601; undefined when it is no day of the calendar. */
export function calendarDateOfDayMonthYear(value: string): string | undefined {
  const parts = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(value);
  return parts === null ? undefined : calendarDate(`${parts[3]}-${parts[2]}-${parts[1]}`);
}

/** @param days Negative for days before. */
export function daysAfter(date: string, days: number): string {
  // Midnight UTC on both sides, so that no time zone and no change of the clocks takes part.
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
