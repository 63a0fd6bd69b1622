import type { CodeSet } from '../../code-sets.ts';

/** SSDA903 SEX, in the directory's terms. */
export const SSDA903_SEX = { '1': 'MALE', '2': 'FEMALE' } as const satisfies CodeSet;

/** SSDA903 RNE, reason for the new episode. */
export const REASON_FOR_NEW_EPISODE: CodeSet = {
  S: 'Started to be looked after',
  L: 'Change of legal status only',
  P: 'Change of placement and carer only',
  T: 'Change of placement only, same carer',
  B: 'Change of legal status, placement and carer',
  U: 'Change of legal status and placement, same carer',
};

/** SSDA903 LS. */
export const LEGAL_STATUS: CodeSet = {
  C1: 'Interim care order',
  C2: 'Full care order',
  D1: 'Freeing order granted',
  E1: 'Placement order granted',
  V2: 'Accommodated under section 20',
  V3: 'Accommodated under an agreed series of short breaks, episodes recorded',
  V4: 'Accommodated under an agreed series of short breaks, agreement recorded',
  L1: 'Under police protection and in local authority accommodation',
  L2: 'Emergency protection order',
  L3: 'Child assessment order and in local authority accommodation',
  J1: 'Remanded to local authority accommodation or youth detention',
  J2: 'Detained in local authority accommodation under PACE',
  J3: 'Youth rehabilitation order with residence or intensive fostering',
};

/** SSDA903 PLACE. */
export const PLACEMENT_TYPE: CodeSet = {
  A3: 'For adoption with consent, current foster carer',
  A4: 'For adoption with consent, not current foster carer',
  A5: 'For adoption with placement order, current foster carer',
  A6: 'For adoption with placement order, not current foster carer',
  H5: 'Semi-independent living accommodation',
  K1: "Secure children's home",
  K2: "Children's home",
  P1: 'Own parents or person with parental responsibility',
  P2: 'Independent living',
  P3: 'Residential employment',
  R1: 'Residential care home',
  R2: 'NHS or other establishment giving medical or nursing care',
  R3: 'Family centre or mother and baby unit',
  R5: 'Young offender institution',
  S1: 'Residential school',
  T0: 'Temporary move',
  T1: 'Temporary period in hospital',
  T2: 'Temporary absence on holiday',
  T3: "Temporary accommodation during carer's holiday",
  T4: 'Temporary accommodation of seven days or less',
  U1: 'Fostering by relative or friend, long term',
  U2: 'Fostering by relative or friend who is approved adopter',
  U3: 'Fostering by relative or friend, other',
  U4: 'Fostering by other carer, long term',
  U5: 'Fostering by other carer who is approved adopter',
  U6: 'Fostering by other carer, other',
  Z1: 'Other placement',
};

/** SSDA903 PLACE_PROVIDER. */
export const PLACEMENT_PROVIDER: CodeSet = {
  PR0: 'Parents or other person with parental responsibility',
  PR1: 'Own provision',
  PR2: 'Other local authority provision',
  PR3: 'Other public provision',
  PR4: 'Private provision',
  PR5: 'Voluntary or third sector provision',
};

/** SSDA903 REC, reason why the episode ceased. */
export const REASON_EPISODE_CEASED: CodeSet = {
  X1: 'Episode ceases, another begins',
  E2: 'Died',
  E3: 'Care taken over by another local authority',
  E4A: 'Returned home, planned',
  E4B: 'Returned home, not planned',
  E5: 'Independent living with formal support',
  E6: 'Independent living without formal support',
  E7: 'Residential care funded by adult social care',
  E8: 'Any other reason',
  E9: 'Sentenced to custody',
  E11: 'Adopted, application unopposed',
  E12: 'Adopted, consent dispensed with',
  E13: 'Left to live with relatives without parental responsibility',
  E14: 'Accommodation on remand ended',
  E15: 'Age assessment found aged 18 or over',
  E16: 'Moved abroad',
  E17: 'Aged 18 or over and remained with carers',
  E41: 'Residence order or child arrangements order',
  E43: 'Special guardianship order, former foster carers',
  E44: 'Special guardianship order, others',
  E45: 'Special guardianship order, former foster carer, relative or friend',
  E46: 'Special guardianship order, former foster carer, not relative or friend',
  E47: 'Special guardianship order, other carer, relative or friend',
  E48: 'Special guardianship order, other carer, not relative or friend',
};

/** SSDA903 REASON_PLACE_CHANGE. */
export const REASON_PLACE_CHANGE: CodeSet = {
  CARPL: 'Change to or implementation of care plan',
  CLOSE: 'Resignation or closure of provision',
  ALLEG: 'Allegation',
  STAND: 'Standards of care concern',
  APPRR: 'Approval removed',
  CREQB: "Carer's request, child's behaviour",
  CREQO: "Carer's request, other",
  CHILD: "Child's request",
  LAREQ: "Responsible authority's request",
  PLACE: 'Change in the status of placement only',
  CUSTOD: 'Custody arrangement',
  OTHER: 'Other',
};

/** SSDA903 REVIEW_CODE, how the child took part. */
export const REVIEW_PARTICIPATION: CodeSet = {
  PN0: 'Aged under 4 at the time',
  PN1: 'Attends and speaks',
  PN2: 'Attends, an advocate speaks',
  PN3: 'Attends and conveys views symbolically',
  PN4: 'Attends without contribution',
  PN5: 'Does not attend, briefs an advocate',
  PN6: 'Does not attend, conveys feelings by other means',
  PN7: 'Does not attend nor conveys views',
};

/** SSDA903 PREV_PERM. Z1 says that there was none. */
export const PREVIOUS_PERMANENCE: CodeSet = {
  P1: 'Adoption',
  P2: 'Special guardianship order',
  P3: 'Residence order or child arrangements order',
  P4: 'Unknown',
  Z1: 'None',
};

/** SSDA903 MISSING. */
export const MISSING_TYPE: CodeSet = {
  M: 'Missing from care',
  A: 'Away from placement without authorisation',
};

/** SSDA903 OC2 SDQ_REASON. Health holds the score; here the code is only checked. */
export const SDQ_REASON: CodeSet = {
  SDQ1: 'Aged under 4 or over 16',
  SDQ2: 'Carer refused',
  SDQ3: "Severity of the child's disability",
  SDQ4: 'Other',
  SDQ5: 'Child refused',
};

/** SSDA903 flags. */
export const FLAG: CodeSet = { '0': 'No', '1': 'Yes' };
