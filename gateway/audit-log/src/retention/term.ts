import type { AccessEvent } from '../access-event.ts';
import type { RecordedEvent } from './recorded-events.ts';

/** Years after the 18th birthday for which an access to a child's record is kept, unless it is said otherwise. */
export const TERM_YEARS = 6;

/** Logs account for themselves for as long as there are logs. */
const KEPT_KINDS: ReadonlySet<AccessEvent['kind']> = new Set(['boot', 'prune']);

/** Whoever held accesses back from a child's statement answers for it for good. */
const KEPT_DEEDS: ReadonlySet<string> = new Set(['Mutation.placeLawfulHold', 'Mutation.endLawfulHold']);

/**
 * The day on which an event may go, `YYYY-MM-DD`: the term after the 18th birthday of every child in it, or after the event
 * was recorded where that is later, so that an access to the record of somebody grown up is not forgotten at once.
 *
 * @param birthdays 18th birthdays by ContactPoint number.
 * @returns Undefined for what is kept for good, and where a child's birthday is not known.
 */
export function lastsUntil(
  { event, recordedAt }: RecordedEvent,
  birthdays: ReadonlyMap<string, string>,
  years: number,
): string | undefined {
  if (KEPT_KINDS.has(event.kind) || isKeptDeed(event)) return undefined;
  let latest = recordedAt.slice(0, 10);
  for (const { child } of event.subjects) {
    const birthday = birthdays.get(child);
    if (birthday === undefined) return undefined;
    if (birthday > latest) latest = birthday;
  }
  return yearsAfter(latest, years);
}

function isKeptDeed({ subjects }: AccessEvent): boolean {
  return subjects.some(({ released }) => released.some((coordinate) => KEPT_DEEDS.has(coordinate)));
}

/** 29 February becomes 1 March where the year has none: later, never earlier. */
export function yearsAfter(day: string, years: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  return new Date(Date.UTC(year + years, month - 1, date)).toISOString().slice(0, 10);
}
