import { trainingExpiresOn, vettingExpiresOn } from '@contactpoint/access/accreditation';
import { isCalendarDate, londonDate } from '@contactpoint/access/calendar-date';
import { isPlainText } from '@contactpoint/access/plain-text';
import { badArgument } from '@contactpoint/subgraph-kit/subgraph-error';

/** Characters of a reason, blanks around it not counted: too short says nothing, too long is a record of its own. */
const SHORTEST_REASON = 10;
const LONGEST_REASON = 500;

const LONGEST_NAME = 200;

/** @throws SubgraphError BAD_USER_INPUT, like everything here: the evidence does not bear what it is to prove. */
export function reasonOf(text: string): string {
  const reason = plainTextOf(text, 'reason');
  if (reason.length >= SHORTEST_REASON && reason.length <= LONGEST_REASON) return reason;
  throw badArgument('reason', 'LENGTH', `A reason has ${SHORTEST_REASON} to ${LONGEST_REASON} characters`);
}

/** @param argument Named in the refusal: `name`, `course`. */
export function nameOf(text: string, argument: string): string {
  const name = plainTextOf(text, argument);
  if (name.length > 0 && name.length <= LONGEST_NAME) return name;
  throw badArgument(argument, 'LENGTH', `A ${argument} has 1 to ${LONGEST_NAME} characters`);
}

/** Number of a certificate without the blanks people write it with. */
export function certificateOf(text: string, argument: string): string {
  const certificate = text.replaceAll(/\s/g, '').toUpperCase();
  if (/^[A-Z0-9/-]{4,40}$/.test(certificate)) return certificate;
  throw badArgument(argument, 'FORM', 'A certificate number has 4 to 40 letters and digits');
}

/** @returns The day, if an enhanced DBS certificate issued then still counts. */
export function vettingDateOf(issuedOn: string, now: Date, argument: string): string {
  const today = londonDate(now);
  const date = pastDateOf(issuedOn, today, argument);
  if (today <= vettingExpiresOn(date)) return date;
  throw badArgument(argument, 'OUTDATED', 'The vetting is older than 3 years');
}

/** @returns The day, if training passed then still counts. */
export function trainingDateOf(passedOn: string, now: Date, argument: string): string {
  const today = londonDate(now);
  const date = pastDateOf(passedOn, today, argument);
  if (today <= trainingExpiresOn(date)) return date;
  throw badArgument(argument, 'OUTDATED', 'The training is older than 12 months');
}

export function agreementDateOf(signedOn: string, now: Date, argument: string): string {
  return pastDateOf(signedOn, londonDate(now), argument);
}

/** @throws SubgraphError when something later is known already: evidence is renewed, never set back. */
export function requireLater(date: string, known: string | null, argument: string): void {
  if (known !== null && date < known)
    throw badArgument(argument, 'DUPLICATE', 'A later one is recorded already');
}

function plainTextOf(text: string, argument: string): string {
  const trimmed = text.trim();
  if (isPlainText(trimmed)) return trimmed;
  throw badArgument(argument, 'CHARACTERS', `The ${argument} has characters that deceive whoever reads it`);
}

function pastDateOf(date: string, today: string, argument: string): string {
  if (typeof date !== 'string' || !isCalendarDate(date))
    throw badArgument(argument, 'FORM', 'A day is written YYYY-MM-DD');
  if (date > today) throw badArgument(argument, 'FUTURE', 'The day lies in the future');
  return date;
}
