import { isDormant, trainingExpiresOn, vettingExpiresOn } from '@contactpoint/access/accreditation';
import { daysBetween, londonDate } from '@contactpoint/access/calendar-date';
import { SubgraphError } from '@contactpoint/subgraph-kit/subgraph-error';
import type { Account } from './account.ts';
import { findAccountsOf } from './account-store.ts';
import type { Context } from './practitioner.ts';

/** Days that a review may look ahead: a certificate's whole life. */
const MOST_DAYS = 1_096;

interface AccessReview {
  readonly overQuotaBy: number;
  readonly dormant: readonly Account[];
  readonly lapsing: readonly Account[];
}

/**
 * Accounts of an organisation that somebody should look at. Suspended ones were looked at already. The caller's own is
 * left out: nobody reviews themselves. Null for an unknown organisation.
 */
export async function accessReview(
  _source: unknown,
  { organisationId, withinDays }: { readonly organisationId: string; readonly withinDays?: number | null },
  { grant, store, loaders, clock }: Context,
): Promise<AccessReview | null> {
  const days = withinDays ?? 30;
  if (days < 0 || days > MOST_DAYS) {
    throw new SubgraphError('BAD_USER_INPUT', `withinDays is 0 to ${MOST_DAYS}`);
  }
  const organisation = await loaders.organisationById.load(organisationId);
  if (organisation === null) return null;

  const now = clock();
  const today = londonDate(now);
  const granted = (await findAccountsOf(store, organisationId)).filter(
    ({ suspendedAt }) => suspendedAt === null,
  );
  const reviewed = granted.filter(({ id }) => id !== grant.sub);
  return {
    overQuotaBy: Math.max(0, granted.length - organisation.userQuota),
    dormant: reviewed.filter(({ activeSince }) => isDormant(activeSince, now)),
    lapsing: reviewed.filter((account) => daysLeft(account, today) <= days),
  };
}

/** Days until the first of vetting and training runs out: negative where one has, as it is where one is missing. */
function daysLeft({ vettingIssuedOn, trainingPassedOn }: Account, today: string): number {
  if (vettingIssuedOn === null || trainingPassedOn === null) return Number.NEGATIVE_INFINITY;
  return Math.min(
    daysBetween(today, vettingExpiresOn(vettingIssuedOn)),
    daysBetween(today, trainingExpiresOn(trainingPassedOn)),
  );
}
