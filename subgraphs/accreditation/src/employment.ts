import { ROLE_SECTORS, type Role } from '@contactpoint/access/role';
import type { Sector } from '@contactpoint/access/sector';

/**
 * Whether an organisation registered under a sector may have people in a role. Local authorities are registered under
 * social care, and employ the officers who look for children missing education.
 */
export function mayEmploy(sector: Sector, role: Role): boolean {
  return ROLE_SECTORS[role] === sector || (sector === 'SOCIAL_CARE' && role === 'education-welfare-officer');
}
