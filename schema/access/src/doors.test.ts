import { expect, test } from 'vitest';
import { IDENTIFIER_SYSTEMS, mayLookUp, maySearch } from './doors.ts';
import { ROLES, type Role } from './role.ts';

/** Role, may search, then CONTACTPOINT, NHS_NUMBER, UPN, LOCAL_AUTHORITY_CHILD_ID. */
const DOORS: Record<Role, [boolean, boolean, boolean, boolean, boolean]> = {
  'social-worker': [true, true, true, true, true],
  'mash-screener': [true, true, true, false, true],
  'reviewing-officer': [false, true, false, false, true],
  'safeguarding-lead': [true, true, false, true, false],
  teacher: [false, true, false, true, false],
  'education-welfare-officer': [true, true, false, true, true],
  'emergency-clinician': [true, true, true, false, false],
  'general-practitioner': [true, true, true, false, false],
  'school-nurse': [true, true, true, false, false],
  'camhs-clinician': [false, true, true, false, false],
  'police-child-abuse': [true, true, true, false, false],
  'voluntary-worker': [false, true, false, false, false],
  'identity-steward': [true, true, true, true, false],
  auditor: [false, false, false, false, false],
  'accreditation-officer': [false, false, false, false, false],
  publisher: [false, false, false, false, false],
  administrator: [false, false, false, false, false],
};

test.each(ROLES)('the doors of %s', (role) => {
  expect([maySearch(role), ...IDENTIFIER_SYSTEMS.map((system) => mayLookUp(role, system))]).toEqual(
    DOORS[role],
  );
});
