import type { Facts } from '@contactpoint/access/facts';
import type { Principal } from '@contactpoint/access/principal';
import type { PurposeOfUse } from '@contactpoint/access/purpose';
import { ROLE_SECTORS, type Role } from '@contactpoint/access/role';
import { scopesOf } from '@contactpoint/access/scope';
import type { FactsCaller } from '../subgraphs/facts.ts';

/** The moment at which tests take place. */
export const NOW = new Date('2026-06-15T12:00:00.000Z');

/** Children of the tests: valid ContactPoint numbers. */
export const JOINED = '8Z4K2M0QWX7R5T1B';
export const SHIELDED = '7Y3J1N9PVW6Q4S0A';
export const UNRELATED = '6X2H0M8NTV5P3R9Z';

export const ALLOCATED: Facts = { relationship: 'ALLOCATED', shielded: false, ownRecord: true };
export const TEAM: Facts = { relationship: 'TEAM', shielded: false, ownRecord: true };
export const TEAM_SHIELDED: Facts = { relationship: 'TEAM', shielded: true, ownRecord: true };
export const NO_RELATIONSHIP: Facts = { relationship: 'NONE', shielded: false, ownRecord: false };

/** A practitioner of the role whom accreditation holds nothing against. */
export function principalOf(role: Role): Principal {
  return {
    practitionerId: `p-${role}`,
    role,
    sector: ROLE_SECTORS[role],
    organisationId: 'LA-975',
    organisationStage: 'LIVE',
    scopes: scopesOf(role),
    suspended: false,
    vettingIssuedOn: '2025-01-10',
    trainingPassedOn: '2026-01-10',
    agreementSignedOn: '2025-01-10',
    activeSince: '2026-06-01T08:00:00Z',
  };
}

export function callerOf(role: Role, purpose: PurposeOfUse): FactsCaller {
  const { practitionerId, sector, organisationId, scopes } = principalOf(role);
  return {
    evt: 'e'.repeat(64),
    sub: practitionerId,
    role,
    sector,
    organisation: organisationId,
    scopes,
    purpose,
    override: false,
    policySet: 'policy-set',
  };
}
