/** Days on which people work, told from today, so that events of theirs are neither old nor yet to come. */

const DAY = 86_400_000;

/** Monday to Friday, that many of them before today; 0 is the last one that is over. UTC, like the times below. */
export function workingDay(before: number): Date {
  let day = new Date();
  for (let left = before; ; ) {
    day = new Date(day.getTime() - DAY);
    if (day.getUTCDay() === 0 || day.getUTCDay() === 6) continue;
    if (left === 0) return day;
    left--;
  }
}

/** A time of a working day, RFC 3339: between 8:00 and 18:59 UTC everybody is at work in London, summer or winter. */
export function at(day: Date, hour: number, minute = 0): string {
  return new Date(
    Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate(), hour, minute),
  ).toISOString();
}
