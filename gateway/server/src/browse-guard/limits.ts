import type { Role } from '@contactpoint/access/role';

/** How much one practitioner may look through. Each is reached by counting, passed by nobody, and never absent. */
export interface BrowseLimits {
  /** Different children shown within 60 minutes. */
  readonly recordsPerHour: number;
  /** Records opened within 24 hours: a child counts again once an hour has gone by since it was counted. */
  readonly recordsPerDay: number;
  /** Different children shown within 24 hours. */
  readonly childrenPerDay: number;
  /** Different questions within 60 minutes that found nobody: searches, and look-ups by a number. */
  readonly missesPerHour: number;
}

export const LIMIT_NAMES = [
  'recordsPerHour',
  'recordsPerDay',
  'childrenPerDay',
  'missesPerHour',
] as const satisfies readonly (keyof BrowseLimits)[];

export type LimitName = (typeof LIMIT_NAMES)[number];

export type LimitsByRole = Readonly<Record<Role, BrowseLimits>>;

/**
 * What a day of honest work does not reach, with room for the worst day of it. Measured on the work, not on the software:
 *
 * - A social worker holds 15 to 25 children, on duty takes calls on some tens more, and a page of a caseload shows 50.
 * - A screener, an emergency clinician or the police need no relationship, so nothing else bounds whom they open: they
 *   see a referral or a patient every few minutes at most, with the household, and have less room than those whom a
 *   relationship bounds already. They are asked about people who turn out to be unknown, so they may miss more often.
 * - A teacher, a camhs-clinician, a reviewing officer or a volunteer cannot search; they have a few classes or a
 *   caseload, and a number that finds nobody is a slip of the pen.
 * - A steward compares candidates all day, which is the work itself, and every comparison shows children.
 * - The roles without children are shown none. What they have is the least that is a limit.
 */
export const DEFAULT_LIMITS: LimitsByRole = {
  'social-worker': limits(120, 400, 150, 40),
  'mash-screener': limits(80, 300, 120, 60),
  'reviewing-officer': limits(80, 250, 100, 20),
  'safeguarding-lead': limits(100, 300, 120, 30),
  teacher: limits(80, 240, 100, 20),
  'education-welfare-officer': limits(120, 400, 150, 40),
  'emergency-clinician': limits(60, 250, 100, 60),
  'general-practitioner': limits(80, 300, 100, 30),
  'school-nurse': limits(120, 400, 150, 30),
  'camhs-clinician': limits(60, 200, 60, 20),
  'police-child-abuse': limits(60, 200, 80, 40),
  'voluntary-worker': limits(60, 150, 60, 20),
  'identity-steward': limits(240, 1_200, 600, 120),
  auditor: limits(10, 20, 10, 10),
  'accreditation-officer': limits(10, 20, 10, 10),
  publisher: limits(10, 20, 10, 10),
  administrator: limits(10, 20, 10, 10),
};

function limits(
  recordsPerHour: number,
  recordsPerDay: number,
  childrenPerDay: number,
  missesPerHour: number,
): BrowseLimits {
  return { recordsPerHour, recordsPerDay, childrenPerDay, missesPerHour };
}
