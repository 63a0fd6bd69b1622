import type { Role } from '@contactpoint/access/role';
import type { AccreditationFeed } from '@contactpoint/accreditation/ingest';
import type { OrganisationRecord, PractitionerRecord } from '@contactpoint/accreditation/record';
import { accreditationOfPersonas } from '../personas.ts';
import type { Dice } from './dice.ts';
import { AUTHORITY, type Places } from './places.ts';

/** Somebody who works with synthetic children and is no persona. */
export interface Colleague {
  readonly practitionerId: string;
  readonly name: string;
  readonly role: Role;
  readonly organisationId: string;
  readonly phone: string;
  readonly email: string;
}

/** Colleagues by what they do for a child. */
export interface Colleagues {
  readonly socialWorkers: readonly Colleague[];
  readonly schoolNurses: readonly Colleague[];
  readonly healthVisitors: readonly Colleague[];
  readonly clinicians: readonly Colleague[];
  /** In the order of `Places.schools`. */
  readonly safeguardingLeads: readonly Colleague[];
  /** In the order of `Places.practices`. */
  readonly practitioners: readonly Colleague[];
  readonly all: readonly Colleague[];
}

export function makeColleagues(dice: Dice, places: Places): Colleagues {
  let next = 1;
  const make = (role: Role, organisationId: string): Colleague => {
    const [given, family] = [dice.faker.person.firstName(), dice.faker.person.lastName()];
    return {
      practitionerId: `p-${String(next++).padStart(6, '0')}`,
      name: `${given} ${family}`,
      role,
      organisationId,
      phone: `01632 960${String(dice.between(0, 999)).padStart(3, '0')}`,
      email: `${given}.${family}@example.org`.toLowerCase().replace(/[^a-z.@]/g, ''),
    };
  };
  const several = (count: number, role: Role, organisationId: string) =>
    Array.from({ length: count }, () => make(role, organisationId));

  const groups = {
    socialWorkers: several(16, 'social-worker', `LA-${AUTHORITY}`),
    schoolNurses: several(6, 'school-nurse', 'TRUST-01'),
    healthVisitors: several(6, 'school-nurse', 'TRUST-01'),
    clinicians: several(5, 'camhs-clinician', 'CAMHS-01'),
    safeguardingLeads: places.schools.map(({ urn }) => make('safeguarding-lead', `SCHOOL-${urn}`)),
    practitioners: places.practices.map(({ odsCode }) => make('general-practitioner', `PRACTICE-${odsCode}`)),
  };
  return { ...groups, all: Object.values(groups).flat() };
}

/** Personas and colleagues, with the organisations of both. */
export function accreditationOf(colleagues: Colleagues, places: Places, now: Date): AccreditationFeed {
  const personas = accreditationOfPersonas(now);
  const known = new Set(personas.organisations.map(({ id }) => id));
  const organisations = [
    ...places.schools.map(({ urn, name }) => organisation(`SCHOOL-${urn}`, name, 'EDUCATION')),
    ...places.practices.map(({ odsCode, name }) => organisation(`PRACTICE-${odsCode}`, name, 'HEALTH')),
  ].filter(({ id }) => !known.has(id));
  return {
    organisations: [...personas.organisations, ...organisations],
    practitioners: [
      ...personas.practitioners,
      ...colleagues.all.map((someone, index) => accountOf(someone, index, now)),
    ],
  };
}

function organisation(id: string, name: string, sector: OrganisationRecord['sector']): OrganisationRecord {
  return { id, name, sector, stage: 'LIVE', userQuota: 20, authorities: [AUTHORITY] };
}

/** Every twentieth account is about to lapse or asleep, so that an access review has something to find. */
function accountOf(someone: Colleague, index: number, now: Date): PractitionerRecord {
  const instant = (days: number) => new Date(now.getTime() - days * 86_400_000).toISOString();
  const date = (days: number) => instant(days).slice(0, 10);
  return {
    id: someone.practitionerId,
    name: someone.name,
    role: someone.role,
    organisationId: someone.organisationId,
    vettingCertificate: `0018888${String(index + 1).padStart(5, '0')}`,
    vettingIssuedOn: date(200 + ((index * 37) % 700)),
    trainingPassedOn: date(index % 20 === 7 ? 350 : 30 + ((index * 13) % 250)),
    agreementSignedOn: date(199),
    grantedAt: instant(190),
    restoredAt: null,
    lastUsedAt: instant(index % 20 === 3 ? 100 : index % 30),
    suspendedAt: null,
  };
}
