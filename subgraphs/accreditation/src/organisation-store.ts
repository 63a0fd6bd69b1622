import type { Store } from '@contactpoint/subgraph-kit/store';
import type { OrganisationRecord } from './record.ts';

export async function findOrganisations(store: Store, ids: readonly string[]): Promise<OrganisationRecord[]> {
  return await store<OrganisationRecord[]>`
    ${selectOrganisation(store)} where id = any(${ids as string[]})`;
}

/** In the order of their ids. @param after Id of the last one that was seen; all come after the empty one. */
export async function listOrganisations(
  store: Store,
  after: string,
  most: number,
): Promise<OrganisationRecord[]> {
  return await store<OrganisationRecord[]>`
    ${selectOrganisation(store)} where id > ${after} order by id limit ${most}`;
}

export async function countOrganisations(store: Store): Promise<number> {
  const [row] = await store<{ total: number }[]>`select count(*)::int as total from organisation`;
  return row?.total ?? 0;
}

/** The organisation, held until the transaction ends: of two grants for the last place one is refused. */
export async function lockOrganisation(
  transaction: Store,
  id: string,
): Promise<OrganisationRecord | undefined> {
  const [organisation] = await transaction<OrganisationRecord[]>`
    ${selectOrganisation(transaction)} where id = ${id} for update`;
  return organisation;
}

/** One account that takes a place in its organisation's quota; a suspended one takes none. */
export interface OccupiedPlace {
  readonly organisationId: string;
  /** RFC 3339; null for an account that was never used. */
  readonly lastUsedAt: string | null;
  readonly activeSince: string;
  readonly vettingIssuedOn: string | null;
  readonly trainingPassedOn: string | null;
}

export async function findOccupiedPlaces(
  store: Store,
  organisationIds: readonly string[],
): Promise<OccupiedPlace[]> {
  return await store<OccupiedPlace[]>`
    select organisation_id as "organisationId", last_used_at as "lastUsedAt", active_since as "activeSince",
      vetting_issued_on as "vettingIssuedOn", training_passed_on as "trainingPassedOn"
    from practitioner
    where organisation_id = any(${organisationIds as string[]}) and suspended_at is null`;
}

function selectOrganisation(store: Store) {
  return store`select id, name, sector, stage, user_quota as "userQuota" from organisation`;
}
