import type {
  ConditionRecord,
  ContactRecord,
  HealthRecord,
  ImmunisationRecord,
} from '@contactpoint/health/record';
import { daysAfter, TODAY } from './calendar.ts';
import type { Colleague } from './colleagues.ts';
import type { Dice } from './dice.ts';
import type { Person } from './household.ts';
import type { Workshop } from './workshop.ts';

export interface WantedHealth {
  /** Mental health clinicians who see the child, by consent. */
  readonly clinicians: readonly Colleague[];
  /** A missed appointment and an attendance to show, whatever the dice say. */
  readonly full: boolean;
  readonly sexualHealth: boolean;
}

/** Routine schedule: age in days when due, SNOMED CT procedure. */
const SCHEDULE: readonly (readonly [vaccine: string, code: string, due: number])[] = [
  ['6-in-1, first dose', '1082441000000108', 56],
  ['6-in-1, second dose', '1082451000000106', 84],
  ['6-in-1, third dose', '1082461000000109', 112],
  ['MMR, first dose', '38598009', 365],
  ['MMR, second dose', '170433008', 1_220],
  ['4-in-1 pre-school booster', '868273007', 1_220],
];

const CONDITIONS: readonly (readonly [name: string, code: string])[] = [
  ['Asthma', '195967001'],
  ['Eczema', '43116000'],
  ['Epilepsy', '84757009'],
  ['Type 1 diabetes mellitus', '46635009'],
  ['Hearing loss', '15188001'],
];

export function makeHealth(
  { dice, places, colleagues }: Workshop,
  person: Person,
  wanted: WantedHealth,
): HealthRecord {
  const [clinician] = wanted.clinicians;
  const missed = dice.chance(0.25) ? dice.between(1, 3) : wanted.full ? 2 : 0;
  const attended = dice.chance(0.3) ? dice.between(1, 3) : wanted.full ? 1 : 0;
  return {
    childId: person.id,
    registeredPractice: places.practices[person.practice]?.odsCode ?? null,
    healthVisitor: person.age < 5 ? contactOf(dice.pick(colleagues.healthVisitors), 'Health visitor') : null,
    schoolNurse: person.age >= 5 ? contactOf(dice.pick(colleagues.schoolNurses), 'School nurse') : null,
    immunisations: makeImmunisations(dice, person),
    missedAppointments: several(missed, () => ({
      on: recentDay(dice, person),
      setting: dice.pick(['Outpatient clinic', 'Dental surgery', 'Child development centre']),
    })),
    emergencyAttendances: several(attended, () => ({
      on: recentDay(dice, person),
      site: 'Brackenshire General Hospital',
      reason: dice.pick(['Injury', 'Fever', 'Breathing difficulty', 'Ingestion']),
    })),
    allergies: dice.chance(0.1) ? [dice.pick(['Peanut', 'Penicillin', 'Egg', 'Latex'])] : [],
    conditions: dice.chance(0.15) ? [makeCondition(dice, person)] : [],
    sdqScore: person.age > 4 && dice.chance(0.2) ? dice.between(2, 30) : null,
    initialHealthAssessmentDue: wanted.full ? daysAfter(TODAY, 14) : null,
    mentalHealthService: clinician === undefined ? null : contactOf(clinician, 'Mental health practitioner'),
    sexualHealthService: wanted.sexualHealth
      ? {
          name: null,
          role: null,
          organisation: 'Brackenshire Sexual Health',
          phone: '01632 960300',
          email: null,
        }
      : null,
    substanceMisuseService: null,
  };
}

function makeImmunisations(dice: Dice, person: Person): ImmunisationRecord[] {
  return SCHEDULE.flatMap(([vaccine, snomedCode, dueAfter]): ImmunisationRecord[] => {
    const dueOn = daysAfter(person.dateOfBirth, dueAfter);
    const givenOn = daysAfter(dueOn, dice.between(0, 40));
    if (dueOn > TODAY) return [];
    if (givenOn <= TODAY && dice.chance(0.92)) return [{ vaccine, snomedCode, status: 'GIVEN', givenOn }];
    return [{ vaccine, snomedCode, status: dice.chance(0.2) ? 'DECLINED' : 'OVERDUE', givenOn: null }];
  });
}

function makeCondition(dice: Dice, person: Person): ConditionRecord {
  const [name, snomedCode] = dice.pick(CONDITIONS);
  return { name, snomedCode, diagnosedOn: recentDay(dice, person) };
}

/** A day within the last two years of the child's life. */
function recentDay(dice: Dice, { dateOfBirth }: Person): string {
  const days = Math.floor((Date.parse(TODAY) - Date.parse(dateOfBirth)) / 86_400_000);
  return daysAfter(TODAY, -dice.between(1, Math.min(700, days)));
}

function several<Item>(count: number, make: () => Item): Item[] {
  return Array.from({ length: count }, make);
}

function contactOf({ name, organisationId, phone, email }: Colleague, role: string): ContactRecord {
  return { name, role, organisation: organisationId, phone, email };
}
