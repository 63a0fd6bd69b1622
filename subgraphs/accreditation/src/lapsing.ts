import { trainingExpiresOn, vettingExpiresOn } from '@contactpoint/access/accreditation';
import { daysBetween } from '@contactpoint/access/calendar-date';
import { badArgument } from '@contactpoint/subgraph-kit/subgraph-error';
import type { Account } from './account.ts';

/** Days that a review may look ahead: a certificate's whole life. */
const MOST_DAYS = 1_096;

/** @throws SubgraphError BAD_USER_INPUT beyond the days that are worth looking at. */
export function daysAhead(withinDays: number | null | undefined): number {
  const days = withinDays ?? 30;
  if (days >= 0 && days <= MOST_DAYS) return days;
  throw badArgument('withinDays', 'RANGE', `withinDays is 0 to ${MOST_DAYS}`);
}

/** Days until the first of vetting and training runs out: negative where one has, as it is where one is missing. */
export function daysLeft(
  { vettingIssuedOn, trainingPassedOn }: Pick<Account, 'vettingIssuedOn' | 'trainingPassedOn'>,
  today: string,
): number {
  if (vettingIssuedOn === null || trainingPassedOn === null) return Number.NEGATIVE_INFINITY;
  return Math.min(
    daysBetween(today, vettingExpiresOn(vettingIssuedOn)),
    daysBetween(today, trainingExpiresOn(trainingPassedOn)),
  );
}
