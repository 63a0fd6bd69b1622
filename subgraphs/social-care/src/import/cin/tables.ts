import { CARE_TABLES } from '../../store/tables.ts';
import type { ReturnShape } from '../commit.ts';
import type { StagedKind } from '../staging.ts';

/** Name under which the report counts the census's children. */
export const CIN_CHILDREN = 'children';

/** Repeated parts of a child in the census, each a row with a first day of its own. */
export const CIN_ROWS = {
  episodes: { name: 'episodes', table: 'referrals', columns: CARE_TABLES.referrals.columns },
  assessments: { name: 'assessments', table: 'assessments', columns: CARE_TABLES.assessments.columns },
  enquiries: {
    name: 'section 47 enquiries',
    table: 'section47Enquiries',
    columns: CARE_TABLES.section47Enquiries.columns,
  },
  plans: {
    name: 'child protection plans',
    table: 'childProtectionPlans',
    columns: CARE_TABLES.childProtectionPlans.columns,
  },
  // SSDA903 says how the child took part in a review; the census only says that there was one.
  reviews: { name: 'child protection reviews', table: 'reviews', columns: [] },
  // The schema shows no child in need plans: they are checked, and tell whether work followed the referral.
  needPlans: { name: 'child in need plans', table: null, columns: [] },
} as const satisfies Record<string, StagedKind>;

export type CinRowName = keyof typeof CIN_ROWS;

export const CIN_SHAPE: ReturnShape = {
  children: { name: CIN_CHILDREN, columns: ['disabilities'], upnField: 'UPN' },
  rows: Object.values(CIN_ROWS),
};
