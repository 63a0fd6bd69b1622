/** A table of the care record: what makes two rows the same row, and what may change about it. */
export interface CareTable {
  readonly name: string;
  readonly key: readonly string[];
  readonly columns: readonly string[];
}

/** `child_id`, the first day and the columns of each table, as in `migrations/0001-care-record.sql`. */
export const CARE_TABLES = {
  careChild: {
    name: 'care_child',
    key: ['child_id'],
    columns: [
      'support_status',
      'worker_name',
      'worker_role',
      'worker_organisation',
      'worker_phone',
      'worker_email',
      'team',
      'disabilities',
      'convictions',
      'previous_permanence',
    ],
  },
  referrals: {
    name: 'referral',
    key: ['child_id', 'received_on'],
    columns: [
      'source',
      'primary_need',
      'no_further_action',
      'closed_on',
      'closure_reason',
      'initial_conference_on',
    ],
  },
  assessments: {
    name: 'assessment',
    key: ['child_id', 'started_on'],
    columns: ['authorised_on', 'factors'],
  },
  section47Enquiries: {
    name: 'section47_enquiry',
    key: ['child_id', 'started_on'],
    columns: ['initial_conference_on', 'conference_not_required'],
  },
  childProtectionPlans: {
    name: 'child_protection_plan',
    key: ['child_id', 'started_on'],
    columns: ['ended_on', 'initial_category', 'latest_category'],
  },
  careEpisodes: {
    name: 'care_episode',
    key: ['child_id', 'started_on'],
    columns: [
      'ended_on',
      'start_reason',
      'legal_status',
      'primary_need',
      'placement_type',
      'provider',
      'postcode',
      'end_reason',
      'placement_change_reason',
    ],
  },
  missingEpisodes: {
    name: 'missing_episode',
    key: ['child_id', 'started_on'],
    columns: ['ended_on', 'return_interview_offered'],
  },
  reviews: {
    name: 'review',
    key: ['child_id', 'kind', 'held_on'],
    columns: ['participation'],
  },
} as const satisfies Record<string, CareTable>;

export type CareTableName = keyof typeof CARE_TABLES;

/** `startedOn` → `started_on`. */
export function columnsOf(row: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
}
