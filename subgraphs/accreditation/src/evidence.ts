import { trainingExpiresOn, vettingExpiresOn } from '@contactpoint/access/accreditation';
import { isCalendarDate, londonDate } from '@contactpoint/access/calendar-date';
import { SubgraphError } from '@contactpoint/subgraph-kit/subgraph-error';

/** Characters of a reason, blanks around it not counted: too short says nothing, too long is a record of its own. */
const SHORTEST_REASON = 10;
const LONGEST_REASON = 500;

const LONGEST_NAME = 200;

/** @throws SubgraphError BAD_USER_INPUT, like everything here: the evidence does not bear what it is to prove. */
export function reasonOf(text: string): string {
  const reason = text.trim();
  if (reason.length >= SHORTEST_REASON && reason.length <= LONGEST_REASON) return reason;
  throw refused(`A reason has ${SHORTEST_REASON} to ${LONGEST_REASON} characters`);
}

/** @param what Named in the refusal: `name`, `course`. */
export function nameOf(text: string, what: string): string {
  const name = text.trim();
  if (name.length > 0 && name.length <= LONGEST_NAME) return name;
  throw refused(`A ${what} has 1 to ${LONGEST_NAME} characters`);
}

/** Number of a certificate without the blanks people write it with. */
export function certificateOf(text: string): string {
  const certificate = text.replaceAll(/\s/g, '').toUpperCase();
  if (/^[A-Z0-9/-]{4,40}$/.test(certificate)) return certificate;
  throw refused('A certificate number has 4 to 40 letters and digits');
}

/** @returns The day, if an enhanced DBS certificate issued then still counts. */
export function vettingDateOf(issuedOn: string, now: Date): string {
  const today = londonDate(now);
  const date = pastDateOf(issuedOn, today, 'vetting');
  if (today <= vettingExpiresOn(date)) return date;
  throw refused('The vetting is older than 3 years');
}

/** @returns The day, if training passed then still counts. */
export function trainingDateOf(passedOn: string, now: Date): string {
  const today = londonDate(now);
  const date = pastDateOf(passedOn, today, 'training');
  if (today <= trainingExpiresOn(date)) return date;
  throw refused('The training is older than 12 months');
}

export function agreementDateOf(signedOn: string, now: Date): string {
  return pastDateOf(signedOn, londonDate(now), 'agreement');
}

/** @throws SubgraphError when something later is known already: evidence is renewed, never set back. */
export function requireLater(date: string, known: string | null, what: string): void {
  if (known !== null && date < known) throw refused(`A later ${what} is recorded already`);
}

function pastDateOf(date: string, today: string, what: string): string {
  if (typeof date !== 'string' || !isCalendarDate(date)) {
    throw refused(`The date of the ${what} is a day as YYYY-MM-DD`);
  }
  if (date > today) throw refused(`The date of the ${what} lies in the future`);
  return date;
}

function refused(sentence: string): SubgraphError {
  return new SubgraphError('BAD_USER_INPUT', sentence);
}
