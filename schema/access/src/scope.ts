import type { Role } from './role.ts';

/**
 * Scopes follow from the role that accreditation granted, not from the token: an identity provider that could hand
 * them out would be a second accreditation.
 */
const SCOPES: Partial<Record<Role, readonly string[]>> = {
  auditor: ['audit:read', 'audit:statement', 'audit:review', 'oversight:figures'],
  'accreditation-officer': ['accreditation:read', 'accreditation:write'],
  administrator: ['accreditation:read', 'oversight:figures', 'registry:approve'],
  publisher: ['registry:publish'],
  'social-worker': ['directory:shield'],
  'identity-steward': ['directory:shield'],
};

export function scopesOf(role: Role): readonly string[] {
  return SCOPES[role] ?? [];
}
