import { type Requirement, unmetRequirement } from '@contactpoint/access/accreditation';
import type { OrganisationStage, Principal } from '@contactpoint/access/principal';
import { isRole, ROLE_SECTORS } from '@contactpoint/access/role';
import { scopesOf } from '@contactpoint/access/scope';

/** A practitioner's account as the store has it. */
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly organisationId: string;
  readonly organisationStage: OrganisationStage;
  readonly vettingCertificate: string | null;
  /** Calendar date in Europe/London, `YYYY-MM-DD`, like the two that follow. */
  readonly vettingIssuedOn: string | null;
  readonly trainingPassedOn: string | null;
  readonly agreementSignedOn: string | null;
  /** RFC 3339. */
  readonly lastUsedAt: string | null;
  readonly suspendedAt: string | null;
  /** Latest of grant, restoration and use. */
  readonly activeSince: string;
}

/** `AccreditationStatus` of the contract: the first requirement that is not met, in the order of the refusals. */
export type AccreditationStatus =
  | 'ACTIVE'
  | 'SUSPENDED'
  | 'VETTING_LAPSED'
  | 'TRAINING_LAPSED'
  | 'AGREEMENT_MISSING'
  | 'DORMANT'
  | 'ORGANISATION_NOT_LIVE';

const STATUS_OF_UNMET = {
  SUSPENDED: 'SUSPENDED',
  ORGANISATION: 'ORGANISATION_NOT_LIVE',
  VETTING: 'VETTING_LAPSED',
  TRAINING: 'TRAINING_LAPSED',
  AGREEMENT: 'AGREEMENT_MISSING',
  DORMANT: 'DORMANT',
} as const satisfies Record<Requirement, AccreditationStatus>;

/**
 * What the gateway would say to the practitioner now: both ask the same function. A role that is none is shut like a
 * suspended account, since nobody could say what it may do.
 */
export function statusOf(account: Account, now: Date): AccreditationStatus {
  const principal = principalOf(account);
  if (principal === null) return 'SUSPENDED';
  const unmet = unmetRequirement(principal, now);
  return unmet === undefined ? 'ACTIVE' : STATUS_OF_UNMET[unmet];
}

/** The account as `POST /principals` answers it; null where its role is none. */
export function principalOf(account: Account): Principal | null {
  const { id, role, organisationId, organisationStage, suspendedAt, activeSince } = account;
  const { vettingIssuedOn, trainingPassedOn, agreementSignedOn } = account;
  if (!isRole(role)) return null;
  return {
    practitionerId: id,
    role,
    sector: ROLE_SECTORS[role],
    organisationId,
    organisationStage,
    scopes: scopesOf(role),
    suspended: suspendedAt !== null,
    vettingIssuedOn,
    trainingPassedOn,
    agreementSignedOn,
    activeSince,
  };
}
