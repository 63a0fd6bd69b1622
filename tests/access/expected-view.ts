/**
 * What each role gets of the joined child, written down from the matrix of the domain and not from the policies: fields
 * stand under the words of the matrix, roles have one line each.
 */
const FIELDS = {
  names: [
    'Child.id',
    'Child.givenNames',
    'Child.familyName',
    'Child.dateOfBirth',
    'Child.sex',
    'Child.parentsAndCarers',
  ],
  place: ['Child.upn', 'Child.enrolments', 'Child.registeredPractice'],
  placeOutline: ['Child.localAuthority', 'Child.addresses'],
  contacts: [
    'Child.involvements',
    'Child.leadProfessional',
    'Child.designatedSafeguardingLead',
    'Child.healthVisitor',
    'Child.schoolNurse',
  ],
  contactOutline: ['Child.nhsNumber'],
  schooling: ['Child.suspensions', 'Child.ehcPlan', 'Child.electiveHomeEducation', 'Child.pupilPremium'],
  schoolingOutline: ['Child.attendance', 'Child.senProvision', 'Child.missingEducation'],
  needs: ['Child.ethnicity', 'Child.senNeeds'],
  health: ['Child.immunisations', 'Child.allergies', 'Child.conditions', 'Child.sdqScore'],
  healthOutline: [
    'Child.missedAppointments',
    'Child.emergencyAttendances',
    'Child.initialHealthAssessmentDue',
  ],
  sealedNames: ['Child.formerNames'],
  sealedHealth: ['Child.mentalHealthService', 'Child.sexualHealthService', 'Child.substanceMisuseService'],
  careOutline: ['Child.socialCare', 'SocialCare.status'],
  care: ['SocialCare.referrals'],
  careContacts: ['SocialCare.allocatedWorker', 'SocialCare.team'],
  carePlace: ['SocialCare.placements'],
  careNeedOutline: ['SocialCare.primaryNeed'],
  careNeed: [
    'SocialCare.section47Enquiries',
    'SocialCare.childProtectionPlans',
    'SocialCare.legalStatus',
    'SocialCare.missingEpisodes',
    'SocialCare.reviews',
    'SocialCare.disabilities',
  ],
  sealedCare: ['SocialCare.assessmentFactors', 'SocialCare.convictions', 'SocialCare.previousPermanence'],
} as const;

type Group = keyof typeof FIELDS;

/** Released, withheld in silence, or withheld with a reason. */
type Fate = 'RELEASED' | 'SILENT' | 'POLICY' | 'PURPOSE' | 'RELATIONSHIP';

/** Everything that is sealed is silent, whoever asks. */
const SEALED: readonly Group[] = ['sealedNames', 'sealedHealth', 'sealedCare'];

interface Row {
  readonly released: readonly Group[];
  /** Why the groups named are withheld; the others are withheld by POLICY. */
  readonly withheld?: Partial<Record<Fate, readonly Group[]>>;
}

const LOCATION: readonly Group[] = ['place', 'placeOutline', 'carePlace'];
const INVOLVEMENT: readonly Group[] = ['contacts', 'contactOutline', 'careContacts'];
const EDUCATION: readonly Group[] = ['schooling', 'schoolingOutline'];
const CARE: readonly Group[] = ['careOutline', 'care'];
const HEALTH: readonly Group[] = ['health', 'healthOutline'];
const CARE_NEEDS: readonly Group[] = ['needs', 'careNeed', 'careNeedOutline'];

const EARLIER_HELP: Row = {
  released: [
    'names',
    ...LOCATION,
    ...INVOLVEMENT,
    'schoolingOutline',
    ...CARE,
    // `Child.ethnicity` and `Child.senNeeds` belong to no minimal subset.
    'careNeedOutline',
  ],
  withheld: { PURPOSE: ['schooling', 'healthOutline', 'needs', 'careNeed'] },
};

/** By role and purpose. */
const MATRIX: readonly (readonly [role: string, purpose: string, row: Row])[] = [
  [
    'social-worker',
    'S47',
    {
      released: [
        'names',
        ...LOCATION,
        ...INVOLVEMENT,
        ...EDUCATION,
        ...CARE,
        'healthOutline',
        ...CARE_NEEDS,
        'sealedCare',
      ],
    },
  ],
  ['social-worker', 'S17', EARLIER_HELP],
  ['social-worker', 'EH', EARLIER_HELP],
  ['mash-screener', 'S47', { released: ['names', ...LOCATION, ...INVOLVEMENT, ...CARE, 'careNeedOutline'] }],
  [
    'safeguarding-lead',
    'ED',
    { released: ['names', ...LOCATION, ...INVOLVEMENT, ...EDUCATION, 'careOutline'] },
  ],
  ['teacher', 'ED', { released: ['names', 'placeOutline', 'schoolingOutline'] }],
  [
    'education-welfare-officer',
    'CME',
    { released: ['names'], withheld: { RELATIONSHIP: ['place', 'placeOutline', ...EDUCATION] } },
  ],
  [
    'emergency-clinician',
    'EC',
    { released: ['names', 'placeOutline', ...INVOLVEMENT, 'careOutline', ...HEALTH] },
  ],
  [
    'general-practitioner',
    'DC',
    { released: ['names', ...LOCATION, ...INVOLVEMENT, 'careOutline', ...HEALTH, 'sealedHealth'] },
  ],
  [
    'school-nurse',
    'DC',
    {
      released: ['names'],
      withheld: {
        RELATIONSHIP: ['place', 'placeOutline', 'contacts', 'contactOutline', 'careOutline', ...HEALTH],
      },
    },
  ],
  [
    'reviewing-officer',
    'REV',
    {
      released: [
        'names',
        ...LOCATION,
        ...INVOLVEMENT,
        'schoolingOutline',
        ...CARE,
        'healthOutline',
        ...CARE_NEEDS,
      ],
    },
  ],
  [
    'police-child-abuse',
    'S47',
    { released: ['names', ...LOCATION, ...INVOLVEMENT, 'careOutline', 'careNeedOutline'] },
  ],
  ['identity-steward', 'MATCH', { released: ['names', 'place', 'placeOutline', 'contactOutline'] }],
];

export interface ExpectedView {
  readonly released: readonly string[];
  readonly withheld: readonly string[];
  /** Reason by response path; silent places have none. */
  readonly reasons: Readonly<Record<string, string>>;
}

/** `[role, purpose, what it gets]` for every role that gets something. */
export const EXPECTED_VIEWS: readonly (readonly [string, string, ExpectedView])[] = MATRIX.map(
  ([role, purpose, row]) => [role, purpose, expectedView(row)],
);

function expectedView(row: Row): ExpectedView {
  const released: string[] = [];
  const withheld: string[] = [];
  const reasons: Record<string, string> = {};
  // Below a withheld social care record there is no place at which anything could be said.
  const hasCare = row.released.includes('careOutline');
  for (const group of Object.keys(FIELDS) as Group[]) {
    const fate = fateOf(row, group);
    for (const coordinate of FIELDS[group]) {
      const below = coordinate.startsWith('SocialCare.');
      const open = fate === 'RELEASED' && (hasCare || !below);
      (open ? released : withheld).push(coordinate);
      if (open || fate === 'SILENT' || (below && !hasCare)) continue;
      reasons[coordinate.replace('SocialCare.', 'child.socialCare.').replace('Child.', 'child.')] = fate;
    }
  }
  return { released: released.sort(), withheld: withheld.sort(), reasons };
}

function fateOf({ released, withheld = {} }: Row, group: Group): Fate {
  if (released.includes(group)) return 'RELEASED';
  if (SEALED.includes(group)) return 'SILENT';
  const named = (Object.keys(withheld) as Fate[]).find((fate) => withheld[fate]?.includes(group));
  return named ?? 'POLICY';
}
