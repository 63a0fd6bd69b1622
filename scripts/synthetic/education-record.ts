import type { AttendanceRecord, EducationRecord, EnrolmentRecord } from '@contactpoint/education/record';
import { academicYearOf, daysAfter, earliest, TODAY } from './calendar.ts';
import type { Colleague } from './colleagues.ts';
import type { Dice } from './dice.ts';
import { type Person, yearGroupOf } from './household.ts';
import type { Places } from './places.ts';

/** Half-day sessions of a school year. */
const SESSIONS = 380;

/** What a school holds of a child of school age; undefined below it. */
export function makeEducation(
  dice: Dice,
  places: Places,
  person: Person,
  lead: Colleague | undefined,
  wanted: { readonly absent?: boolean } = {},
): EducationRecord | undefined {
  if (person.school === undefined) return undefined;
  const school = places.schools[person.school];
  if (school === undefined) return undefined;
  const plan = dice.chance(0.05);
  const support = !plan && dice.chance(0.14);
  const absent = wanted.absent ?? dice.chance(0.2);
  return {
    childId: person.id,
    enrolments: makeEnrolments(dice, places, person, school.urn),
    attendance: makeAttendance(dice, person, absent),
    suspensions:
      person.age > 10 && dice.chance(0.06)
        ? [
            {
              from: daysAfter(TODAY, -dice.between(20, 300)),
              sessions: dice.between(1, 10),
              reason: 'DB',
              permanent: false,
            },
          ]
        : [],
    senProvision: plan ? 'EHC_PLAN' : support ? 'SEN_SUPPORT' : 'NONE',
    senNeeds: plan || support ? [dice.pick(['SPLD', 'MLD', 'SEMH', 'SLCN', 'ASD', 'HI', 'PD'])] : [],
    ehcPlan: plan
      ? {
          issuedOn: daysAfter(TODAY, -dice.between(100, 900)),
          reviewDueOn: daysAfter(TODAY, dice.between(10, 300)),
        }
      : null,
    electiveHomeEducation: false,
    missingEducation: absent && dice.chance(0.05),
    pupilPremium: dice.chance(0.25),
    designatedSafeguardingLead:
      lead === undefined
        ? null
        : {
            name: lead.name,
            role: 'Designated safeguarding lead',
            organisation: school.name,
            phone: lead.phone,
            email: lead.email,
          },
  };
}

function makeEnrolments(dice: Dice, places: Places, person: Person, urn: string): EnrolmentRecord[] {
  const startedSchool = `${academicYearOf(person.dateOfBirth) + 5}-09-01`;
  const current = { urn, yearGroup: yearGroupOf(person.dateOfBirth), to: null, leavingReason: null };
  const moved = `${academicYearOf(TODAY) - 1}-09-01`;
  if (startedSchool >= moved || !dice.chance(0.4))
    return [{ ...current, from: earliest(startedSchool, TODAY) }];
  const before = dice.pick(places.schools).urn;
  if (before === urn) return [{ ...current, from: startedSchool }];
  return [
    { urn: before, yearGroup: null, from: startedSchool, to: daysAfter(moved, -40), leavingReason: 'MOVED' },
    { ...current, from: moved },
  ];
}

function makeAttendance(dice: Dice, person: Person, absent: boolean): AttendanceRecord[] {
  const thisYear = academicYearOf(TODAY);
  const years = [thisYear - 2, thisYear - 1, thisYear].filter(
    (year) => year >= academicYearOf(person.dateOfBirth) + 5,
  );
  return years.map((academicYear) => {
    const sessionsPossible = academicYear === thisYear ? 76 : SESSIONS;
    const missed = Math.round(
      (sessionsPossible * (absent ? dice.between(11, 30) : dice.between(0, 8))) / 100,
    );
    const authorisedAbsences = Math.round((missed * dice.between(30, 90)) / 100);
    return {
      academicYear,
      sessionsPossible,
      sessionsAttended: sessionsPossible - missed,
      authorisedAbsences,
      unauthorisedAbsences: missed - authorisedAbsences,
    };
  });
}
