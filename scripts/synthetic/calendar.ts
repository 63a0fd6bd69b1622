/** The day on which the synthetic world stands still. Fixed, or the same seed would give other children tomorrow. */
export const TODAY = '2026-11-02';

/** Calendar date `days` after `date`, both `YYYY-MM-DD`. */
export function daysAfter(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Whole years from `birth` to `date`. */
export function ageOn(date: string, birth: string): number {
  const years = Number(date.slice(0, 4)) - Number(birth.slice(0, 4));
  return date.slice(5) < birth.slice(5) ? years - 1 : years;
}

/** Calendar year in which the academic year that holds `date` began. */
export function academicYearOf(date: string): number {
  const year = Number(date.slice(0, 4));
  return date.slice(5) >= '09-01' ? year : year - 1;
}

/** Earliest of the dates; ISO dates sort as text. */
export function earliest(...dates: readonly string[]): string {
  return [...dates].sort()[0] as string;
}
