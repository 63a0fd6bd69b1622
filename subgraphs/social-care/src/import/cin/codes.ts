import type { CodeSet } from '../../code-sets.ts';

/**
 * CIN census GenderCurrent (to 2024) and Sex (from 2025), in the directory's terms.
 * @see CIN_schema, gendertype
 */
export const CIN_SEX = {
  '0': 'UNKNOWN',
  '1': 'MALE',
  '2': 'FEMALE',
  '9': 'INDETERMINATE',
  F: 'FEMALE',
  M: 'MALE',
  U: 'UNKNOWN',
} as const satisfies CodeSet;

/** CIN census Disability. NONE says that there is none. */
export const DISABILITY: CodeSet = {
  NONE: 'No disability',
  MOB: 'Mobility',
  HAND: 'Hand function',
  PC: 'Personal care',
  INC: 'Incontinence',
  COMM: 'Communication',
  LD: 'Learning',
  HEAR: 'Hearing',
  VIS: 'Vision',
  BEH: 'Behaviour',
  CON: 'Consciousness',
  AUT: 'Autism',
  DDA: 'Other, Disability Discrimination Act',
};

/** CIN census ReferralSource. */
export const REFERRAL_SOURCE: CodeSet = {
  '1A': 'Family member, relative or carer',
  '1B': 'Acquaintance',
  '1C': 'Self',
  '1D': 'Other individual',
  '2A': 'School',
  '2B': 'Education services',
  '3A': 'General practitioner',
  '3B': 'Health visitor',
  '3C': 'School nurse',
  '3D': 'Other primary health services',
  '3E': 'Accident and emergency department',
  '3F': 'Other health services',
  '4': 'Housing',
  '5A': "Local authority's social care",
  '5B': "Local authority's other services",
  '5C': 'External local authority services',
  '5D': 'Early help',
  '6': 'Police',
  '7': 'Other legal agency',
  '8': 'Other',
  '9': 'Anonymous',
  '10': 'Unknown',
};

/** CIN census ReasonForClosure. */
export const REASON_FOR_CLOSURE: CodeSet = {
  RC1: 'Adopted',
  RC2: 'Died',
  RC3: 'Child arrangements order',
  RC4: 'Special guardianship order',
  RC5: 'Transferred to services of another local authority',
  RC6: 'Transferred to adult social care services',
  RC7: 'Services ceased for any other reason',
  RC8: 'Closed after assessment, no further action',
  RC9: 'Closed after assessment, referred to early help',
};

/** CIN census category of abuse. */
export const CATEGORY_OF_ABUSE: CodeSet = {
  NEG: 'Neglect',
  PHY: 'Physical abuse',
  SAB: 'Sexual abuse',
  EMO: 'Emotional abuse',
  MUL: 'Multiple or not recommended',
};

/** XML Schema booleans as the CIN census writes them. */
export const YES_NO: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['TRUE', true],
  ['1', true],
  ['false', false],
  ['FALSE', false],
  ['0', false],
]);

const letters = (number: string, ...endings: string[]) => endings.map((ending) => `${number}${ending}`);

/** CIN census AssessmentFactors: number of the concern, letter of whom it is about. 7A to 24A stand alone. */
export const ASSESSMENT_FACTORS: ReadonlySet<string> = new Set([
  ...['1', '2', '3', '4', '5', '6'].flatMap((number) => letters(number, 'A', 'B', 'C')),
  ...letters('8', 'B', 'C', 'D', 'E', 'F'),
  ...['7', '9', '10', '11', '12', '13', '14', '15', '16', '17', '22', '23', '24'].flatMap((n) =>
    letters(n, 'A'),
  ),
  ...letters('18', 'B', 'C'),
  ...letters('19', 'B', 'C'),
  '20',
  '21',
]);
