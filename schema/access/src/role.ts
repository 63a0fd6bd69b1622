import type { Sector } from './sector.ts';

/** Every role, and the sector it works in. A role that is not here reads nothing. */
export const ROLE_SECTORS = {
  'social-worker': 'SOCIAL_CARE',
  'mash-screener': 'SOCIAL_CARE',
  'reviewing-officer': 'SOCIAL_CARE',
  'safeguarding-lead': 'EDUCATION',
  teacher: 'EDUCATION',
  'education-welfare-officer': 'EDUCATION',
  'emergency-clinician': 'HEALTH',
  'general-practitioner': 'HEALTH',
  'school-nurse': 'HEALTH',
  'camhs-clinician': 'HEALTH',
  'police-child-abuse': 'JUSTICE',
  'voluntary-worker': 'VOLUNTARY',
  'identity-steward': 'DIRECTORY',
  auditor: 'DIRECTORY',
  'accreditation-officer': 'DIRECTORY',
  publisher: 'DIRECTORY',
  administrator: 'DIRECTORY',
} as const satisfies Record<string, Sector>;

export type Role = keyof typeof ROLE_SECTORS;

export const ROLES = Object.keys(ROLE_SECTORS) as Role[];

export function isRole(name: string): name is Role {
  return Object.hasOwn(ROLE_SECTORS, name);
}
