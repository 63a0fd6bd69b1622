import type { OverrideWindow } from './override.ts';
import type { Role } from './role.ts';
import type { Sector } from './sector.ts';

export type OrganisationStage = 'SANDBOX' | 'PILOT' | 'LIVE' | 'SUSPENDED';

/**
 * Who asks, as accreditation knows them (`POST /principals`). Dates are compared when a request is decided, so an
 * answer that is a second old still lapses on time.
 */
export interface Principal {
  readonly practitionerId: string;
  readonly role: Role;
  readonly sector: Sector;
  readonly organisationId: string;
  readonly organisationStage: OrganisationStage;
  readonly scopes: readonly string[];
  readonly suspended: boolean;
  /** Enhanced DBS certificate, calendar date in Europe/London, `YYYY-MM-DD`; null when there is none. */
  readonly vettingIssuedOn: string | null;
  readonly trainingPassedOn: string | null;
  readonly agreementSignedOn: string | null;
  /** Latest of grant, restoration and use, RFC 3339: dormancy counts from it. */
  readonly activeSince: string;
  /** Break-glass windows that were open when accreditation answered; absent where there was none. */
  readonly overrides?: readonly OverrideWindow[];
}

/** One caller's part of `POST /principals`, whose body is `{ requests: PrincipalRequest[] }`. */
export interface PrincipalRequest {
  readonly practitionerId: string;
  /** Grant whose `body` is `principalDigest` of the id. */
  readonly accessGrant: string;
}

/**
 * `UNKNOWN` for a practitioner of whom there is no account. It is not the null that stands for a grant that did not hold:
 * a gateway whose clock is wrong, or whose secret, must not take everybody for a stranger.
 */
export type PrincipalAnswer = Principal | 'UNKNOWN';

/** `{ answers: [...] }`, in the order of the requests; null for a grant that did not hold. */
export interface PrincipalsResponse {
  readonly answers: readonly (PrincipalAnswer | null)[];
}

/** That a practitioner used the system. Dormancy counts from the last time. */
export interface PractitionerUse {
  readonly practitionerId: string;
  /** RFC 3339. */
  readonly at: string;
}

/** Body of `POST /used`; answered 204. */
export interface UsesRequest {
  readonly uses: readonly PractitionerUse[];
  /** Grant whose `body` is `usesDigest` of the uses, by the gateway itself. */
  readonly accessGrant: string;
}
