import { daysBetween, isCalendarDate, londonDate, plusMonths } from './calendar-date.ts';
import type { Principal } from './principal.ts';

/**
 * What a practitioner must meet on every request, in the order in which it is looked for: first what somebody decided,
 * then what ran out. The first that is not met is `extensions.requirement` of ACCREDITATION_LAPSED.
 */
export const REQUIREMENTS = [
  'SUSPENDED',
  'ORGANISATION',
  'VETTING',
  'TRAINING',
  'AGREEMENT',
  'DORMANT',
] as const;

export type Requirement = (typeof REQUIREMENTS)[number];

/** An enhanced DBS certificate counts for three years. */
const VETTING_MONTHS = 36;
const TRAINING_MONTHS = 12;
const DORMANT_AFTER_DAYS = 90;

/** How far the clocks of those who write a use and of those who judge it may differ, milliseconds. */
const CLOCK_SKEW = 5_000;

/**
 * The first requirement that the practitioner does not meet at `now`; undefined where all are met. What is absent,
 * malformed or dated in the future is not met.
 */
export function unmetRequirement(principal: Principal, now: Date): Requirement | undefined {
  const today = londonDate(now);
  if (principal.suspended) return 'SUSPENDED';
  if (principal.organisationStage !== 'PILOT' && principal.organisationStage !== 'LIVE')
    return 'ORGANISATION';
  if (!holds(principal.vettingIssuedOn, vettingExpiresOn, today)) return 'VETTING';
  if (!holds(principal.trainingPassedOn, trainingExpiresOn, today)) return 'TRAINING';
  if (!holds(principal.agreementSignedOn, () => today, today)) return 'AGREEMENT';
  if (isDormant(principal.activeSince, now)) return 'DORMANT';
  return undefined;
}

/** Last day on which a DBS certificate counts: its third anniversary, 28 February for one of 29 February. */
export function vettingExpiresOn(issuedOn: string): string {
  return plusMonths(issuedOn, VETTING_MONTHS);
}

/** Last day on which a training counts: its first anniversary. */
export function trainingExpiresOn(passedOn: string): string {
  return plusMonths(passedOn, TRAINING_MONTHS);
}

/**
 * Whether an account has gone unused for longer than 90 days, counted in calendar days in Europe/London. A use that is
 * still to come is none: an account with one would never fall dormant.
 *
 * @param activeSince Latest of grant, restoration and use, RFC 3339.
 */
export function isDormant(activeSince: string, now: Date): boolean {
  const since = new Date(activeSince);
  if (Number.isNaN(since.getTime())) return true;
  if (since.getTime() > now.getTime() + CLOCK_SKEW) return true;
  return daysBetween(londonDate(since), londonDate(now)) > DORMANT_AFTER_DAYS;
}

function holds(from: string | null, expiresOn: (from: string) => string, today: string): boolean {
  return from !== null && isCalendarDate(from) && from <= today && today <= expiresOn(from);
}
