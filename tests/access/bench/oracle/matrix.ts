import type { Facts } from '@contactpoint/access/facts';
import type { PurposeOfUse } from '@contactpoint/access/purpose';
import type { Role } from '@contactpoint/access/role';
import type { Caller } from '../caller.ts';

/*
 * Who may read what, word for word as it was agreed on, and read as naively as it is written. Nothing here may be taken
 * from the code that decides: whoever wants to know whether that is right asks here.
 */

const TABLE = `
social-worker             | S47     | F | F | F     | F | M | F | own F
social-worker             | S17 EH  | F | F | M     | F | – | M | –
mash-screener*            | S47     | F | F | –     | F | – | M | B
safeguarding-lead         | ED      | F | F | own F | M | – | – | –
teacher                   | ED      | M | – | own M | – | – | – | –
education-welfare-officer | CME     | F | – | F     | – | – | – | –
emergency-clinician*      | EC      | M | F | –     | M | F | – | B
general-practitioner      | DC      | F | F | –     | M | F | – | own F
school-nurse              | DC      | F | F | –     | M | F | – | own F
camhs-clinician           | DC      | M | – | –     | M | F | – | own F
reviewing-officer         | REV     | F | F | M     | F | M | F | –
police-child-abuse*       | S47     | F | F | –     | M | – | M | B
voluntary-worker          | EH      | M | F | –     | – | – | – | –
identity-steward*         | MATCH   | F | M | –     | – | – | – | –
`;

const COLUMNS = [
  'LOCATION',
  'INVOLVEMENT',
  'STATUS education',
  'STATUS social care',
  'SPECIAL health',
  'SPECIAL social care, education, directory',
  'SEALED',
];

const SECTOR_OF_ROLE: Readonly<Record<string, string>> = {
  'social-worker': 'SOCIAL_CARE',
  'mash-screener': 'SOCIAL_CARE',
  'reviewing-officer': 'SOCIAL_CARE',
  'safeguarding-lead': 'EDUCATION',
  teacher: 'EDUCATION',
  'education-welfare-officer': 'EDUCATION',
  'emergency-clinician': 'HEALTH',
  'general-practitioner': 'HEALTH',
  'school-nurse': 'HEALTH',
  'camhs-clinician': 'HEALTH',
};

const MAY_SEARCH = new Set([
  'social-worker',
  'mash-screener',
  'safeguarding-lead',
  'education-welfare-officer',
  'emergency-clinician',
  'general-practitioner',
  'school-nurse',
  'police-child-abuse',
  'identity-steward',
]);

interface Row {
  readonly role: string;
  readonly needsRelationship: boolean;
  readonly purposes: readonly string[];
  readonly cells: Readonly<Record<string, string>>;
}

const ROWS: readonly Row[] = TABLE.trim()
  .split('\n')
  .map((line) => {
    const [role = '', purposes = '', ...cells] = line.split('|').map((cell) => cell.trim());
    return {
      role: role.replace('*', ''),
      needsRelationship: !role.includes('*'),
      purposes: purposes.split(' '),
      cells: Object.fromEntries(COLUMNS.map((column, index) => [column, cells[index] ?? '–'])),
    };
  });

/** What of whose record, and whether its minimal subset will do. */
export interface Sought {
  readonly sector: string;
  readonly class: string;
  readonly minimal: boolean;
}

/** Why not, or `silent`; undefined where it may be read. */
export type Withheld = 'POLICY' | 'PURPOSE' | 'RELATIONSHIP' | 'silent' | undefined;

export function mayFind(role: Role): boolean {
  return MAY_SEARCH.has(role);
}

/** Purposes of the role's rows, the strongest first. */
export function purposesOf(role: Role): readonly PurposeOfUse[] {
  return ROWS.filter((row) => row.role === role).flatMap(({ purposes }) => purposes as PurposeOfUse[]);
}

export function withheld(caller: Caller, facts: Facts, sought: Sought, breakGlass = false): Withheld {
  const { role, purpose } = caller;
  if (sought.class === 'REFERENCE' || reads(role, purpose, facts, sought, breakGlass)) return undefined;
  if (sought.class === 'SEALED' || reads(role, purpose, { ...facts, shielded: false }, sought))
    return 'silent';
  const purposes = purposesOf(role);
  if (purposes.length === 0) return 'POLICY';
  if (purpose === undefined || !purposes.includes(purpose)) return 'PURPOSE';
  const best = { relationship: 'ALLOCATED', shielded: false, ownRecord: true } as const;
  if (reads(role, purpose, best, sought)) return 'RELATIONSHIP';
  return purposes.some((other) => reads(role, other, best, sought)) ? 'PURPOSE' : 'POLICY';
}

/** What is withheld from the caller whatever the child: nobody could be more closely involved. */
export function withheldFromAll(caller: Caller, sought: Sought): Withheld {
  return withheld(caller, { relationship: 'ALLOCATED', shielded: false, ownRecord: true }, sought);
}

function reads(
  role: string,
  purpose: string | undefined,
  facts: Facts,
  sought: Sought,
  breakGlass = false,
): boolean {
  const row = ROWS.find((each) => each.role === role && each.purposes.includes(purpose ?? ''));
  if (row === undefined) return false;
  if (row.needsRelationship && facts.relationship === 'NONE')
    return sought.class === 'IDENTITY' && MAY_SEARCH.has(role);
  if (sought.class === 'IDENTITY') return true;
  if (facts.shielded && (sought.class === 'LOCATION' || sought.class === 'INVOLVEMENT')) {
    if (role !== 'social-worker' || facts.relationship !== 'ALLOCATED') return false;
  }
  const [level, own] = (row.cells[columnOf(sought)] ?? '–').split(' ').reverse();
  if (own === 'own' && !(facts.ownRecord && SECTOR_OF_ROLE[role] === sought.sector)) return false;
  if (level === 'B') return breakGlass;
  return level === 'F' || (level === 'M' && sought.minimal);
}

function columnOf(sought: Sought): string {
  if (sought.class === 'STATUS')
    return sought.sector === 'EDUCATION' ? 'STATUS education' : 'STATUS social care';
  if (sought.class !== 'SPECIAL') return sought.class;
  return sought.sector === 'HEALTH' ? 'SPECIAL health' : 'SPECIAL social care, education, directory';
}
