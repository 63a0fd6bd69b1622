import type { OrganisationStage } from '@contactpoint/access/principal';
import type { Role } from '@contactpoint/access/role';
import type { Sector } from '@contactpoint/access/sector';

/** An organisation whose people may have accounts. */
export interface OrganisationRecord {
  /** `LA-975`, `SCHOOL-900001`, `PRACTICE-Z99001`, …. */
  readonly id: string;
  readonly name: string;
  /** Sector it is registered under; which roles that lets it have is `mayEmploy`. */
  readonly sector: Sector;
  readonly stage: OrganisationStage;
  /** How many people may have an account at the same time. */
  readonly userQuota: number;
  /** DfE codes of the local authorities it works in, `975`; what is held of them stays where it is absent. */
  readonly authorities?: readonly string[];
}

/** A person with an account, and what their accreditation rests on. */
export interface PractitionerRecord {
  /** `sub` of their access tokens. */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly organisationId: string;
  /** Number of the enhanced DBS certificate, 12 digits. */
  readonly vettingCertificate: string | null;
  /** Calendar date in Europe/London, `YYYY-MM-DD`, like the two that follow. */
  readonly vettingIssuedOn: string | null;
  readonly trainingPassedOn: string | null;
  readonly agreementSignedOn: string | null;
  /** RFC 3339, like the three that follow. Dormancy counts from the latest of grant, restoration and use. */
  readonly grantedAt: string;
  readonly restoredAt: string | null;
  readonly lastUsedAt: string | null;
  /** Null unless the account is suspended. */
  readonly suspendedAt: string | null;
}
