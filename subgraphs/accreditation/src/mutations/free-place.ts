import type { Store } from '@contactpoint/subgraph-kit/store';
import { badArgument } from '@contactpoint/subgraph-kit/subgraph-error';
import { findOccupiedPlaces, lockOrganisation } from '../organisation-store.ts';
import type { OrganisationRecord } from '../record.ts';

/**
 * The organisation, locked, if one more of its people may have an account.
 *
 * @throws SubgraphError BAD_USER_INPUT for an unknown organisation, or one whose quota is full.
 */
export async function organisationWithFreePlace(
  transaction: Store,
  organisationId: string,
): Promise<OrganisationRecord> {
  const organisation = await lockOrganisation(transaction, organisationId);
  if (organisation === undefined)
    throw badArgument('organisationId', 'UNKNOWN', 'There is no such organisation');
  const places = await findOccupiedPlaces(transaction, [organisationId]);
  if (places.length < organisation.userQuota) return organisation;
  throw badArgument('organisationId', 'FULL', 'The organisation has as many users as its quota allows');
}
