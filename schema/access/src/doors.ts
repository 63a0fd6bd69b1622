import { ROLE_SECTORS, type Role } from './role.ts';

/** `IdentifierSystem` of the contract: whose number a child is looked up by. */
export const IDENTIFIER_SYSTEMS = ['CONTACTPOINT', 'NHS_NUMBER', 'UPN', 'LOCAL_AUTHORITY_CHILD_ID'] as const;

export type IdentifierSystem = (typeof IDENTIFIER_SYSTEMS)[number];

/** The one door that asks more than a purpose, as the gateway's schema names it: only searchers may use it. */
export const SEARCH = 'Query.findChildren';

const SEARCHERS: ReadonlySet<Role> = new Set<Role>([
  'social-worker',
  'mash-screener',
  'safeguarding-lead',
  'education-welfare-officer',
  'emergency-clinician',
  'general-practitioner',
  'school-nurse',
  'police-child-abuse',
  'identity-steward',
]);

const NHS_NUMBER_READERS: ReadonlySet<Role> = new Set<Role>([
  'social-worker',
  'mash-screener',
  'police-child-abuse',
  'identity-steward',
]);

/**
 * The roles that work for a local authority, the only ones with an authority of their own. Stewards work for the
 * operator, so no child id was ever issued by their organisation.
 */
const AUTHORITY_ROLES: ReadonlySet<Role> = new Set<Role>([
  'social-worker',
  'mash-screener',
  'reviewing-officer',
  'education-welfare-officer',
]);

/** The roles whose work is with scopes: no purpose opens a child to them. */
const WITHOUT_CHILDREN: ReadonlySet<Role> = new Set<Role>([
  'auditor',
  'accreditation-officer',
  'publisher',
  'administrator',
]);

/** Whether the role works with children's records at all. */
export function seesChildren(role: Role): boolean {
  return !WITHOUT_CHILDREN.has(role);
}

/** Whether the role may use `findChildren`, and so learn the identity of a child that it has no relationship to. */
export function maySearch(role: Role): boolean {
  return SEARCHERS.has(role);
}

/**
 * Whether the role may look a child up by that system's number. Two conditions are left to the directory, which alone
 * knows the child: a UPN never finds a shielded one, and a LOCAL_AUTHORITY_CHILD_ID only one of the caller's own authority.
 */
export function mayLookUp(role: Role, system: IdentifierSystem): boolean {
  switch (system) {
    case 'CONTACTPOINT':
      return seesChildren(role);
    case 'NHS_NUMBER':
      return ROLE_SECTORS[role] === 'HEALTH' || NHS_NUMBER_READERS.has(role);
    case 'UPN':
      return ROLE_SECTORS[role] === 'EDUCATION' || role === 'social-worker' || role === 'identity-steward';
    case 'LOCAL_AUTHORITY_CHILD_ID':
      return AUTHORITY_ROLES.has(role);
  }
}
