/** Who holds a record, `Sector` of the contract. */
export const SECTORS = [
  'DIRECTORY',
  'EDUCATION',
  'HEALTH',
  'SOCIAL_CARE',
  'JUSTICE',
  'HOUSING',
  'VOLUNTARY',
] as const;

export type Sector = (typeof SECTORS)[number];
