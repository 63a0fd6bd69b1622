import { isDormant } from '@contactpoint/access/accreditation';
import { londonDate } from '@contactpoint/access/calendar-date';
import type { Account } from './account.ts';
import { findAccountsOf } from './account-store.ts';
import { daysAhead, daysLeft } from './lapsing.ts';
import type { Context } from './practitioner.ts';

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
  const days = daysAhead(withinDays);
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
