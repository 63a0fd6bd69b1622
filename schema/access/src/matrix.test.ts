import { describe, expect, test } from 'vitest';
import { createDecider } from './decide.ts';
import type { Decision, Level, WithheldReason } from './decision.ts';
import { maySearch, seesChildren } from './doors.ts';
import type { Facts } from './facts.ts';
import { loadPolicySet } from './policy-set.ts';
import { PURPOSES, type PurposeOfUse } from './purpose.ts';
import { ROLE_SECTORS, ROLES, type Role } from './role.ts';
import { SECTORS, type Sector } from './sector.ts';
import { SENSITIVITY_CLASSES, type SensitivityClass } from './sensitivity.ts';

/**
 * Who may read what, as it was agreed on: F full, M minimal subset, B full only with break-glass, – none; "own" where the
 * reader's own organisation holds the record. Roles with * need no relationship. Copied from the agreement rather than
 * from the policies, which are tested against it.
 */
const MATRIX = `
| role                                 | purposes | LOCATION | INVOLVEMENT | STATUS education | STATUS social care | SPECIAL health | SPECIAL elsewhere | SEALED        |
| social-worker                        | S47      | F        | F           | F                | F                  | M              | F                 | own F, else – |
| social-worker                        | S17, EH  | F        | F           | M                | F                  | –              | M                 | –             |
| mash-screener*                       | S47      | F        | F           | –                | F                  | –              | M                 | B             |
| safeguarding-lead                    | ED       | F        | F           | own F            | M                  | –              | –                 | –             |
| teacher                              | ED       | M        | –           | own M            | –                  | –              | –                 | –             |
| education-welfare-officer            | CME      | F        | –           | F                | –                  | –              | –                 | –             |
| emergency-clinician*                 | EC       | M        | F           | –                | M                  | F              | –                 | B             |
| general-practitioner, school-nurse   | DC       | F        | F           | –                | M                  | F              | –                 | own F         |
| camhs-clinician                      | DC       | M        | –           | –                | M                  | F              | –                 | own F         |
| reviewing-officer                    | REV      | F        | F           | M                | F                  | M              | F                 | –             |
| police-child-abuse*                  | S47      | F        | F           | –                | M                  | –              | M                 | B             |
| voluntary-worker                     | EH       | M        | F           | –                | –                  | –              | –                 | –             |
| identity-steward*                    | MATCH    | F        | M           | –                | –                  | –              | –                 | –             |
`;

interface Row {
  readonly starred: boolean;
  readonly cells: Readonly<Record<string, string>>;
}

const rows = readRows(MATRIX);
const decide = createDecider(loadPolicySet());

const purposes = Object.keys(PURPOSES) as PurposeOfUse[];
const BEST: Facts = { relationship: 'ALLOCATED', shielded: false, ownRecord: true };
const everyFacts: readonly Facts[] = (['ALLOCATED', 'TEAM', 'NONE'] as const).flatMap((relationship) =>
  [false, true].flatMap((shielded) =>
    [false, true].map((ownRecord) => ({ relationship, shielded, ownRecord })),
  ),
);

const inside = [...rows.keys()].map((pair) => pair.split(' ') as [Role, PurposeOfUse]);

test('the table has all its rows', () => {
  expect(inside.length).toBe(15);
  expect(new Set(inside.map(([role]) => role)).size).toBe(13);
  expect(ROLES.filter((role) => seesChildren(role)).length).toBe(13);
});

describe.each(inside)('%s for %s', (role, purpose) => {
  test.each(everyFacts)('$relationship, shielded $shielded, own record $ownRecord', (facts) => {
    expect(read(decideFor(role, purpose, false, facts))).toEqual(expected(role, purpose, false, facts));
  });

  // That break-glass changes nothing else holds for every cell: decide.properties.test.ts.
  test.each(everyFacts)('sealed, break-glass: $relationship, $shielded, $ownRecord', (facts) => {
    const decision = decideFor(role, purpose, true, facts);
    for (const sector of SECTORS)
      expect(decision.of(sector, 'SEALED').level).toBe(levelOf(role, purpose, true, facts, sector, 'SEALED'));
  });
});

describe('outside the table', () => {
  const nothing = (reason: WithheldReason) =>
    cells((_sector, name) => {
      if (name === 'REFERENCE') return 'FULL';
      return name === 'SEALED' ? 'NONE' : `NONE ${reason} ${reason}`;
    });

  test.each(ROLES)('%s: nothing for any other purpose, at best, break-glass included', (role) => {
    for (const purpose of purposes.filter((each) => !rows.has(`${role} ${each}`))) {
      const decision = read(decideFor(role, purpose, true, BEST));
      expect(decision, purpose).toEqual(nothing(seesChildren(role) ? 'PURPOSE' : 'POLICY'));
    }
  });
});

test.each(ROLES.filter(seesChildren))('%s finds the identity of a stranger if it may search', (role) => {
  const purpose = purposes.find((each) => rows.has(`${role} ${each}`)) as PurposeOfUse;
  const stranger: Facts = { relationship: 'NONE', shielded: true, ownRecord: false };
  const level = decideFor(role, purpose, false, stranger).of('DIRECTORY', 'IDENTITY').level;
  expect(level === 'FULL').toBe(maySearch(role));
});

function decideFor(role: Role, purpose: PurposeOfUse, override: boolean, facts: Facts): Decision {
  return decide({ role, sector: ROLE_SECTORS[role] }, purpose, override, facts);
}

/** Every cell as "level, reason for the rest, reason for the minimal subset", leaving out what is undefined. */
function read(decision: Decision): Record<string, string> {
  return cells((sector, name) => {
    const { level, reason, minimalReason } = decision.of(sector, name);
    return [level, reason, minimalReason].filter(Boolean).join(' ');
  });
}

function expected(
  role: Role,
  purpose: PurposeOfUse,
  override: boolean,
  facts: Facts,
): Record<string, string> {
  return cells((sector, name) => {
    const level = levelOf(role, purpose, override, facts, sector, name);
    const unshielded = levelOf(role, purpose, override, { ...facts, shielded: false }, sector, name);
    const why = (wanted: Level) =>
      name === 'SEALED' || unshielded === 'FULL' || unshielded === wanted
        ? undefined
        : reasonOf(role, purpose, override, sector, name, wanted);
    return [level, why('FULL'), why('MINIMAL')].filter(Boolean).join(' ');
  });
}

function reasonOf(
  role: Role,
  purpose: PurposeOfUse,
  override: boolean,
  sector: Sector,
  name: SensitivityClass,
  wanted: Level,
): WithheldReason {
  const opens = (each: PurposeOfUse) => {
    const level = levelOf(role, each, override, BEST, sector, name);
    return level === 'FULL' || level === wanted;
  };
  if (opens(purpose)) return 'RELATIONSHIP';
  return purposes.some(opens) ? 'PURPOSE' : 'POLICY';
}

function levelOf(
  role: Role,
  purpose: PurposeOfUse,
  override: boolean,
  facts: Facts,
  sector: Sector,
  name: SensitivityClass,
): Level {
  if (name === 'REFERENCE') return 'FULL';
  const row = rows.get(`${role} ${purpose}`);
  if (row === undefined) return 'NONE';
  if (facts.relationship === 'NONE' && !row.starred && !(name === 'IDENTITY' && maySearch(role)))
    return 'NONE';
  if (name === 'IDENTITY') return 'FULL';
  if (name === 'LOCATION' || name === 'INVOLVEMENT') {
    const exempt = role === 'social-worker' && facts.relationship === 'ALLOCATED';
    return facts.shielded && !exempt ? 'NONE' : levelIn(row.cells[name], override, false);
  }
  const own = facts.ownRecord && ROLE_SECTORS[role] === sector;
  if (sector === 'JUSTICE' || sector === 'HOUSING' || sector === 'VOLUNTARY') {
    if (name === 'SEALED') return 'NONE';
    if (ROLE_SECTORS[role] === sector) return 'FULL';
    return levelIn(row.cells[name === 'STATUS' ? 'STATUS social care' : 'SPECIAL elsewhere'], override, own);
  }
  if (name === 'STATUS')
    return levelIn(
      row.cells[sector === 'EDUCATION' ? 'STATUS education' : 'STATUS social care'],
      override,
      own,
    );
  if (name === 'SPECIAL')
    return levelIn(row.cells[sector === 'HEALTH' ? 'SPECIAL health' : 'SPECIAL elsewhere'], override, own);
  return levelIn(row.cells[name], override, own);
}

function levelIn(cell: string | undefined, override: boolean, own: boolean): Level {
  switch (cell) {
    case 'F':
      return 'FULL';
    case 'M':
      return 'MINIMAL';
    case '–':
      return 'NONE';
    case 'B':
      return override ? 'FULL' : 'NONE';
    case 'own F':
    case 'own F, else –':
      return own ? 'FULL' : 'NONE';
    case 'own M':
      return own ? 'MINIMAL' : 'NONE';
    default:
      throw new Error(`a cell that means nothing: ${cell}`);
  }
}

function cells(of: (sector: Sector, name: SensitivityClass) => string): Record<string, string> {
  return Object.fromEntries(
    SECTORS.flatMap((sector) =>
      SENSITIVITY_CLASSES.map((name) => [`${sector} ${name}`, of(sector, name)] as const),
    ),
  );
}

/** Rows by role and purpose, `social-worker S17`. */
function readRows(table: string): Map<string, Row> {
  const [head = [], ...body] = table
    .trim()
    .split('\n')
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const byPair = new Map<string, Row>();
  for (const line of body) {
    const named = Object.fromEntries(head.map((name, column) => [name, line[column] ?? '']));
    for (const role of (named.role ?? '').split(', '))
      for (const purpose of (named.purposes ?? '').split(', '))
        byPair.set(`${role.replace('*', '')} ${purpose}`, { starred: role.endsWith('*'), cells: named });
  }
  return byPair;
}
