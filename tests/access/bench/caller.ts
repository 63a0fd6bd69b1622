import { type Facts, NO_FACTS } from '@contactpoint/access/facts';
import type { Principal } from '@contactpoint/access/principal';
import type { PurposeOfUse } from '@contactpoint/access/purpose';
import { ROLE_SECTORS, type Role } from '@contactpoint/access/role';

/** One operation as a client sends it. */
export interface Question {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
}

/** Someone who asks the bench, and what the directory knows of them and each child. */
export interface Caller {
  readonly practitionerId: string;
  readonly role: Role;
  /** No header where it is absent. */
  readonly purpose: PurposeOfUse | undefined;
  readonly scopes: readonly string[];
  /** By the child's number; a child that is not named is not known to the directory. */
  readonly facts: Readonly<Record<string, Facts>>;
  /** Children for whom the glass is broken. */
  readonly opened?: readonly string[];
  /** For whom they read, under their own purpose. */
  readonly onBehalfOf?: Caller;
}

/** The moment at which everything on the bench takes place. */
export const NOW = new Date('2026-06-15T12:00:00.000Z');

/** As accreditation answers for a caller against whom it holds nothing. */
export function principalOf({ practitionerId, role, scopes, opened = [] }: Caller): Principal {
  return {
    practitionerId,
    role,
    sector: ROLE_SECTORS[role],
    organisationId: 'LA-975',
    organisationStage: 'LIVE',
    scopes,
    suspended: false,
    vettingIssuedOn: '2025-01-10',
    trainingPassedOn: '2026-01-10',
    agreementSignedOn: '2025-01-10',
    activeSince: '2026-06-01T08:00:00Z',
    overrides: opened.map((child) => ({ child, evt: 'e'.repeat(64), until: '2026-06-15T12:30:00.000Z' })),
  };
}

export function factsOf({ facts }: Caller, child: string): Facts {
  return facts[child] ?? NO_FACTS;
}

/** The children that are decided with override: of those whose glass is broken only those that the operation names. */
export function openedIn({ opened = [] }: Caller, { query, variables = {} }: Question): ReadonlySet<string> {
  const named = query + JSON.stringify(variables);
  return new Set(opened.filter((child) => named.includes(child)));
}
