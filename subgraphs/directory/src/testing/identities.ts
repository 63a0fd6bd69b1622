import type { IdentityRecord, InvolvementRecord } from '../record.ts';

/** ContactPoint numbers of the stock situations. */
export const RELATED = '0000000000000R01';
export const UNRELATED = '0000000000000T01';
export const SHIELDED = '0000000000000S01';
/** As `SHIELDED`, without anything that a shield hides. */
export const EMPTY = '0000000000000E01';
export const NOBODY = 'ZZZZZZZZZZZZZZZZ';

export const RELATED_UPN = 'B801200005001';
export const SHIELDED_UPN = 'P37340051901Z';
export const RELATED_NHS = '9434765870';
export const SHIELDED_NHS = '9990000018';

/** The practitioners who belong to the care team of all but `UNRELATED`, and the one to whom they are allocated. */
const TEAM: readonly Pick<InvolvementRecord, 'practitionerId' | 'organisationId' | 'sector'>[] = [
  { practitionerId: 'p-teacher', organisationId: 'SCHOOL-900001', sector: 'EDUCATION' },
  { practitionerId: 'p-safeguarding-lead', organisationId: 'SCHOOL-900001', sector: 'EDUCATION' },
  { practitionerId: 'p-general-practitioner', organisationId: 'PRACTICE-Z99001', sector: 'HEALTH' },
  { practitionerId: 'p-reviewing-officer', organisationId: 'LA-975', sector: 'SOCIAL_CARE' },
  { practitionerId: 'p-team-worker', organisationId: 'LA-975', sector: 'SOCIAL_CARE' },
];

function relationships(child: string): InvolvementRecord[] {
  const team = TEAM.map((practitioner, place) => ({
    ...practitioner,
    id: `${child}-team-${place}`,
    service: 'Team around the child',
    allocated: false,
    brokered: false,
    isLead: false,
    from: '2025-01-10',
  }));
  return [
    ...team,
    {
      id: `${child}-allocated`,
      practitionerId: 'p-social-worker',
      organisationId: 'LA-975',
      sector: 'SOCIAL_CARE',
      service: 'Child in need team',
      allocated: true,
      brokered: false,
      isLead: true,
      from: '2025-02-01',
      practitionerName: 'Sam Okafor',
      practitionerRole: 'Social worker',
      phone: '01632 960001',
      email: 'sam.okafor@example.org',
    },
  ];
}

export const related: IdentityRecord = {
  id: RELATED,
  givenNames: ['Amelia', 'Rose'],
  familyName: 'Hughes',
  dateOfBirth: '2012-03-04',
  sex: 'FEMALE',
  formerNames: ['Amelia Barton'],
  ethnicity: 'WBRI',
  identifiers: [
    { system: 'UPN', value: RELATED_UPN },
    { system: 'NHS_NUMBER', value: RELATED_NHS },
    { system: 'LOCAL_AUTHORITY_CHILD_ID', value: 'c-100', authority: '975' },
  ],
  localAuthority: '975',
  addresses: [
    { line1: '3 Mill Lane', town: 'Anytown', postcode: 'ZZ9 1AA', uprn: '100000000001', from: '2020-05-01' },
    { line1: '9 Old Road', town: 'Othertown', postcode: 'ZZ8 2BB', from: '2012-03-04', to: '2020-04-30' },
  ],
  carers: [
    {
      name: 'Jo Hughes',
      relationship: 'Mother',
      hasParentalResponsibility: true,
      phone: '01632 960002',
    },
  ],
  involvements: [
    ...relationships(RELATED),
    {
      id: `${RELATED}-sexual-health`,
      practitionerId: 'p-nurse',
      organisationId: 'CAMHS-01',
      sector: 'HEALTH',
      service: 'Sexual health clinic',
      allocated: false,
      brokered: true,
      isLead: true,
      from: '2025-10-01',
      practitionerName: 'Nobody May Know',
      phone: '01632 960666',
      email: 'clinic@example.org',
    },
  ],
  recordHolders: [
    { sector: 'EDUCATION', organisationId: 'SCHOOL-900001', from: '2023-09-01' },
    { sector: 'HEALTH', organisationId: 'PRACTICE-Z99001', from: '2012-03-10', to: '2019-12-31' },
  ],
};

export const unrelated: IdentityRecord = {
  ...related,
  id: UNRELATED,
  givenNames: ['Oliver'],
  familyName: 'Pritchard',
  dateOfBirth: '2013-07-21',
  sex: 'MALE',
  identifiers: [{ system: 'LOCAL_AUTHORITY_CHILD_ID', value: 'c-100', authority: '976' }],
  localAuthority: '976',
  involvements: [],
  recordHolders: [],
};

export const shielded: IdentityRecord = {
  ...related,
  id: SHIELDED,
  givenNames: ['Isla'],
  familyName: 'Garside',
  dateOfBirth: '2011-12-30',
  formerNames: [],
  identifiers: [
    { system: 'UPN', value: SHIELDED_UPN },
    { system: 'NHS_NUMBER', value: SHIELDED_NHS },
    { system: 'LOCAL_AUTHORITY_CHILD_ID', value: 'c-200', authority: '975' },
  ],
  involvements: relationships(SHIELDED),
  shielded: true,
};

export const empty: IdentityRecord = {
  id: EMPTY,
  givenNames: shielded.givenNames,
  familyName: shielded.familyName,
  dateOfBirth: shielded.dateOfBirth,
  sex: shielded.sex,
  identifiers: [],
  addresses: [],
  carers: shielded.carers.map(({ phone: _phone, ...carer }) => carer),
  involvements: relationships(EMPTY).map((involvement) => ({ ...involvement, unlisted: true })),
  recordHolders: shielded.recordHolders,
};

export const identities: readonly IdentityRecord[] = [related, unrelated, shielded, empty];
