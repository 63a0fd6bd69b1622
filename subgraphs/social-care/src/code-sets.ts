/** Code → meaning. A value that is not among the keys is an unknown code. */
export type CodeSet = Readonly<Record<string, string>>;

/** Whether `code` belongs to `set`; inherited names such as `constructor` do not. */
export function isCode(set: CodeSet, code: string): boolean {
  return Object.hasOwn(set, code);
}

/** Category of need: CIN census PrimaryNeedCode, of which SSDA903 CIN uses N1 to N8. */
export const PRIMARY_NEED: CodeSet = {
  N0: 'Not stated',
  N1: 'Abuse or neglect',
  N2: "Child's disability",
  N3: 'Parental disability or illness',
  N4: 'Family in acute stress',
  N5: 'Family dysfunction',
  N6: 'Socially unacceptable behaviour',
  N7: 'Low income',
  N8: 'Absent parenting',
  N9: 'Cases other than children in need',
};

/** Ethnicity, DfE common basic data set; CIN census Ethnicity and SSDA903 ETHNIC. The directory holds it. */
export const ETHNICITY: CodeSet = {
  WBRI: 'White British',
  WIRI: 'White Irish',
  WIRT: 'Traveller of Irish heritage',
  WOTH: 'Any other white background',
  WROM: 'Gypsy or Roma',
  MWBC: 'White and Black Caribbean',
  MWBA: 'White and Black African',
  MWAS: 'White and Asian',
  MOTH: 'Any other mixed background',
  AIND: 'Indian',
  APKN: 'Pakistani',
  ABAN: 'Bangladeshi',
  AOTH: 'Any other Asian background',
  BCRB: 'Caribbean',
  BAFR: 'African',
  BOTH: 'Any other black background',
  CHNE: 'Chinese',
  OOTH: 'Any other ethnic group',
  REFU: 'Refused',
  NOBT: 'Information not yet obtained',
};

/** Reasons why a UPN is not known, as CIN census UPNunknown and SSDA903 UPN use them. */
export const UPN_UNKNOWN = /^UN[1-7]$/;
