import type {
  CarerRecord,
  IdentityRecord,
  InvolvementRecord,
  RecordHolder,
} from '@contactpoint/directory/record';
import { daysAfter, TODAY } from './calendar.ts';
import type { Colleague, Colleagues } from './colleagues.ts';
import type { Dice } from './dice.ts';
import type { Household, Person } from './household.ts';
import { AUTHORITY, type Places } from './places.ts';

/** What other agencies turned out to hold of a child; the directory says who is involved accordingly. */
export interface Holdings {
  readonly education: boolean;
  readonly health: boolean;
  readonly socialCare: boolean;
  /** Open to social care now, and therefore allocated to somebody. */
  readonly worker: Colleague | undefined;
  /** Sensitive services, by consent. */
  readonly sensitive: readonly Colleague[];
}

export function makeIdentity(
  dice: Dice,
  places: Places,
  colleagues: Colleagues,
  household: Household,
  person: Person,
  holdings: Holdings,
): IdentityRecord {
  const involvements = makeInvolvements(dice, colleagues, person, holdings);
  return {
    id: person.id,
    givenNames: person.givenNames,
    familyName: person.familyName,
    dateOfBirth: person.dateOfBirth,
    sex: person.sex,
    formerNames: dice.chance(0.02) ? [dice.faker.person.lastName()] : [],
    ethnicity: person.ethnicity,
    identifiers: [
      { system: 'NHS_NUMBER', value: person.nhsNumber },
      ...(person.upn === undefined ? [] : [{ system: 'UPN' as const, value: person.upn }]),
      ...(holdings.socialCare
        ? [{ system: 'LOCAL_AUTHORITY_CHILD_ID' as const, value: person.localChildId, authority: AUTHORITY }]
        : []),
    ],
    localAuthority: AUTHORITY,
    addresses: household.addresses,
    carers: household.carers,
    involvements,
    recordHolders: holdersOf(places, person, holdings),
  };
}

/** A child of whom the directory knows who it is, and nobody knows anything else. */
export function makeEmptyIdentity(
  household: Household,
  person: Person,
  recordHolders: readonly RecordHolder[],
): IdentityRecord {
  return {
    id: person.id,
    givenNames: person.givenNames,
    familyName: person.familyName,
    dateOfBirth: person.dateOfBirth,
    sex: person.sex,
    identifiers: [],
    addresses: [],
    carers: household.carers.map(({ name }): CarerRecord => ({ name })),
    involvements: [],
    recordHolders,
  };
}

export function holdersOf(places: Places, person: Person, holdings: Holdings): RecordHolder[] {
  const holders: RecordHolder[] = [];
  const school = person.school === undefined ? undefined : places.schools[person.school];
  const practice = places.practices[person.practice];
  if (holdings.education && school !== undefined) {
    holders.push({
      sector: 'EDUCATION',
      organisationId: `SCHOOL-${school.urn}`,
      from: daysAfter(person.dateOfBirth, 4 * 365),
    });
  }
  if (holdings.health && practice !== undefined) {
    holders.push({
      sector: 'HEALTH',
      organisationId: `PRACTICE-${practice.odsCode}`,
      from: person.dateOfBirth,
    });
  }
  if (holdings.socialCare) {
    holders.push({ sector: 'SOCIAL_CARE', organisationId: `LA-${AUTHORITY}`, from: person.dateOfBirth });
  }
  for (const { organisationId } of holdings.sensitive) {
    holders.push({ sector: 'HEALTH', organisationId, from: daysAfter(TODAY, -200) });
  }
  return holders;
}

function makeInvolvements(
  dice: Dice,
  colleagues: Colleagues,
  person: Person,
  holdings: Holdings,
): InvolvementRecord[] {
  const involvements: InvolvementRecord[] = [];
  const practitioner = colleagues.practitioners[person.practice];
  if (holdings.health && practitioner !== undefined) {
    involvements.push(involvementOf(dice, practitioner, 'HEALTH', 'General practice', person.dateOfBirth));
  }
  if (holdings.health && person.age < 5) {
    involvements.push(
      involvementOf(
        dice,
        dice.pick(colleagues.healthVisitors),
        'HEALTH',
        'Health visiting',
        person.dateOfBirth,
      ),
    );
  }
  const lead = person.school === undefined ? undefined : colleagues.safeguardingLeads[person.school];
  if (holdings.education && lead !== undefined && dice.chance(0.3)) {
    const since = daysAfter(TODAY, -dice.between(30, 200));
    involvements.push(involvementOf(dice, lead, 'EDUCATION', 'Pastoral support', since));
  }
  if (holdings.worker !== undefined) {
    const since = daysAfter(TODAY, -dice.between(10, 60));
    involvements.push({
      ...involvementOf(dice, holdings.worker, 'SOCIAL_CARE', "Children's social care", since),
      allocated: true,
      isLead: true,
    });
  }
  for (const someone of holdings.sensitive) {
    const since = daysAfter(TODAY, -dice.between(30, 190));
    involvements.push({
      ...involvementOf(dice, someone, 'HEALTH', 'Sensitive service', since),
      brokered: true,
    });
  }
  return involvements;
}

export function involvementOf(
  dice: Dice,
  someone: Pick<Colleague, 'practitionerId' | 'name' | 'role' | 'organisationId' | 'phone' | 'email'>,
  sector: InvolvementRecord['sector'],
  service: string,
  from: string,
): InvolvementRecord {
  return {
    id: dice.faker.string.uuid(),
    practitionerId: someone.practitionerId,
    organisationId: someone.organisationId,
    sector,
    service,
    allocated: false,
    brokered: false,
    isLead: false,
    from,
    practitionerName: someone.name,
    practitionerRole: someone.role,
    phone: someone.phone,
    email: someone.email,
  };
}
