import type { Role } from '@contactpoint/access/role';
import type { AccreditationFeed } from '@contactpoint/accreditation/ingest';
import type { OrganisationRecord, PractitionerRecord } from '@contactpoint/accreditation/record';

/** `extensions.requirement` of the refusal that the persona meets. */
export type FailedRequirement = 'TRAINING' | 'VETTING' | 'DORMANT' | 'SUSPENDED';

/** Somebody a developer can be: one for each role, and one for each way to lose access. */
export interface Persona {
  /** What `npm run token -- NAME` takes. */
  readonly name: string;
  readonly role: Role;
  readonly organisationId: string;
  readonly personName: string;
  /** The one requirement of accreditation that the persona does not meet. */
  readonly fails?: FailedRequirement;
}

/** Invented, like the people: the ids lie outside every real register. */
export const PERSONA_ORGANISATIONS: readonly OrganisationRecord[] = [
  organisation('LA-975', 'Brackenshire County Council', 'SOCIAL_CARE'),
  organisation('SCHOOL-900001', 'Hawthorn Road Academy', 'EDUCATION'),
  organisation('PRACTICE-Z99001', 'Millbrook Surgery', 'HEALTH'),
  organisation('CAMHS-01', 'Brackenshire Child and Adolescent Mental Health Service', 'HEALTH'),
  organisation('TRUST-01', 'Brackenshire Hospitals and Community NHS Trust', 'HEALTH'),
  organisation('POLICE-01', 'Brackenshire Constabulary', 'JUSTICE'),
  organisation('VCS-01', 'Lantern Family Project', 'VOLUNTARY'),
  organisation('CONTACTPOINT', 'ContactPoint operator', 'DIRECTORY'),
];

export const PERSONAS: readonly Persona[] = [
  persona('social-worker', 'LA-975', 'Amara Okafor'),
  persona('mash-screener', 'LA-975', 'Daniel Whitfield'),
  persona('safeguarding-lead', 'SCHOOL-900001', 'Ruth Pemberton'),
  persona('teacher', 'SCHOOL-900001', 'Imran Siddiqui'),
  persona('education-welfare-officer', 'LA-975', 'Carol Hughes'),
  persona('emergency-clinician', 'TRUST-01', 'Sanjay Mehta'),
  persona('general-practitioner', 'PRACTICE-Z99001', 'Fiona MacLeod'),
  persona('school-nurse', 'TRUST-01', 'Grace Adeyemi'),
  persona('camhs-clinician', 'CAMHS-01', 'Tomasz Nowak'),
  persona('reviewing-officer', 'LA-975', 'Helen Braithwaite'),
  persona('police-child-abuse', 'POLICE-01', 'Mark Ellison'),
  persona('voluntary-worker', 'VCS-01', 'Leila Haddad'),
  persona('identity-steward', 'CONTACTPOINT', 'Peter Lockwood'),
  persona('auditor', 'CONTACTPOINT', 'Margaret Yeung'),
  persona('accreditation-officer', 'CONTACTPOINT', 'Owen Pritchard'),
  persona('publisher', 'CONTACTPOINT', 'Nadia Rahman'),
  persona('administrator', 'CONTACTPOINT', 'Simon Castle'),
  refused('lapsed-training', 'Joanne Firth', 'TRAINING'),
  refused('lapsed-vetting', 'Kwame Boateng', 'VETTING'),
  refused('dormant', 'Elaine Garside', 'DORMANT'),
  refused('suspended', 'Neil Drummond', 'SUSPENDED'),
];

export function findPersona(name: string): Persona | undefined {
  return PERSONAS.find((candidate) => candidate.name === name);
}

/** `sub` of the persona's tokens and id of its account. */
export function practitionerIdOf(name: string): string {
  return `p-${name}`;
}

/**
 * What accreditation holds of the personas and their organisations.
 *
 * @param now Dates lie before it, so that a system started on any day has the same people in and out of date.
 */
export function accreditationOfPersonas(now: Date): AccreditationFeed {
  return {
    organisations: PERSONA_ORGANISATIONS,
    practitioners: PERSONAS.map((someone, index) => accountOf(someone, index, now)),
  };
}

/** Days since, for an account that meets every requirement. */
const IN_ORDER = { vetting: 400, training: 100, agreement: 390, grant: 380, use: 1, suspension: undefined };

/** What differs where one requirement fails; each lies well beyond its limit, so that no time zone matters. */
const OUT_OF_ORDER = {
  TRAINING: { training: 380 },
  VETTING: { vetting: 3 * 366 + 30 },
  DORMANT: { use: 120 },
  SUSPENDED: { suspension: 7 },
} as const satisfies Record<FailedRequirement, Partial<Record<keyof typeof IN_ORDER, number>>>;

function accountOf(someone: Persona, index: number, now: Date): PractitionerRecord {
  const days: Record<keyof typeof IN_ORDER, number | undefined> = {
    ...IN_ORDER,
    ...(someone.fails === undefined ? {} : OUT_OF_ORDER[someone.fails]),
  };
  const instant = (ago: number | undefined) =>
    ago === undefined ? null : new Date(now.getTime() - ago * 86_400_000).toISOString();
  const date = (ago: number | undefined) => instant(ago)?.slice(0, 10) ?? null;

  return {
    id: practitionerIdOf(someone.name),
    name: someone.personName,
    role: someone.role,
    organisationId: someone.organisationId,
    vettingCertificate: `0019999${String(index + 1).padStart(5, '0')}`,
    vettingIssuedOn: date(days.vetting),
    trainingPassedOn: date(days.training),
    agreementSignedOn: date(days.agreement),
    grantedAt: instant(days.grant) ?? now.toISOString(),
    restoredAt: null,
    lastUsedAt: instant(days.use),
    suspendedAt: instant(days.suspension),
  };
}

function persona(role: Role, organisationId: string, personName: string): Persona {
  return { name: role, role, organisationId, personName };
}

function refused(name: string, personName: string, fails: FailedRequirement): Persona {
  return { name, role: 'social-worker', organisationId: 'LA-975', personName, fails };
}

function organisation(id: string, name: string, sector: OrganisationRecord['sector']): OrganisationRecord {
  const authorities = sector === 'DIRECTORY' ? [] : ['975'];
  return { id, name, sector, stage: 'LIVE', userQuota: 500, authorities };
}
