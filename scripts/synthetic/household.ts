import { contactPointNumber } from '@contactpoint/contract/contactpoint-number';
import type { AddressRecord, CarerRecord, Sex } from '@contactpoint/directory/record';
import { academicYearOf, ageOn, daysAfter, TODAY } from './calendar.ts';
import type { Dice } from './dice.ts';
import type { Numbering } from './numbering.ts';
import { type Places, postcodeIn, type Town } from './places.ts';

/** A child before any agency knows anything of it. */
export interface Person {
  /** ContactPoint number. */
  readonly id: string;
  readonly givenNames: readonly string[];
  readonly familyName: string;
  readonly dateOfBirth: string;
  readonly sex: Sex;
  readonly ethnicity: string;
  /** 999…: the range that the NHS keeps for tests. */
  readonly nhsNumber: string;
  /** Undefined below school age, and where a school has run out of numbers for the year. */
  readonly upn: string | undefined;
  readonly localChildId: string;
  readonly age: number;
  /** Index into `Places.schools`; undefined below school age. */
  readonly school: number | undefined;
  /** Index into `Places.practices`. */
  readonly practice: number;
}

export interface Household {
  readonly addresses: readonly AddressRecord[];
  readonly carers: readonly CarerRecord[];
  readonly children: readonly Person[];
}

/** DfE ethnicity codes, roughly in proportion; NOBT is "not yet obtained". */
const ETHNICITIES = [
  ...['WBRI', 'WBRI', 'WBRI', 'WBRI', 'WBRI', 'WBRI', 'WOTH', 'WIRI', 'AIND', 'APKN', 'ABAN', 'BAFR', 'BCRB'],
  ...['MWBC', 'MWBA', 'MWAS', 'AOTH', 'CHNE', 'OOTH', 'NOBT'],
];

/** Most children are an only one or have one sibling. */
const SIZES = [1, 1, 1, 2, 2, 2, 2, 3, 3, 4];

export function makeHousehold(
  dice: Dice,
  places: Places,
  numbering: Numbering,
  wanted: { readonly size?: number; readonly twins?: boolean } = {},
): Household {
  const town = dice.pick(places.towns);
  const familyName = dice.faker.person.lastName();
  const size = wanted.size ?? dice.pick(SIZES);
  const twins = wanted.twins ?? (size > 1 && dice.chance(0.04));
  const ethnicity = dice.pick(ETHNICITIES);
  const practice = dice.between(0, places.practices.length - 1);

  const children: Person[] = [];
  let born = daysAfter(TODAY, -dice.between(30, 17 * 365));
  for (let index = 0; index < size; index++) {
    const twin = twins && index === 1;
    if (index > 0 && !twin) born = daysAfter(born, -dice.between(330, 1_400));
    if (ageOn(TODAY, born) > 17) break;
    children.push(makePerson(dice, places, numbering, { familyName, born, ethnicity, practice }));
  }
  return { addresses: makeAddresses(dice, places, town), carers: makeCarers(dice, familyName), children };
}

interface Family {
  readonly familyName: string;
  readonly born: string;
  readonly ethnicity: string;
  readonly practice: number;
}

export function makePerson(dice: Dice, places: Places, numbering: Numbering, family: Family): Person {
  const sex = dice.pick(['MALE', 'FEMALE'] as const);
  const names = [dice.faker.person.firstName(sex === 'MALE' ? 'male' : 'female')];
  if (dice.chance(0.6)) names.push(dice.faker.person.middleName(sex === 'MALE' ? 'male' : 'female'));
  const age = ageOn(TODAY, family.born);
  const school = age >= 4 ? dice.between(0, places.schools.length - 1) : undefined;
  return {
    id: contactPointNumber(dice.bytes(10)),
    givenNames: names,
    familyName: family.familyName,
    dateOfBirth: family.born,
    sex,
    ethnicity: family.ethnicity,
    nhsNumber: numbering.nhsNumber(),
    upn: school === undefined ? undefined : numbering.upn(school, family.born),
    localChildId: numbering.localChildId(),
    age,
    school,
    practice: family.practice,
  };
}

function makeAddresses(dice: Dice, places: Places, town: Town): AddressRecord[] {
  const since = daysAfter(TODAY, -dice.between(60, 3_000));
  const now = { ...makeAddress(dice, town), from: since };
  if (!dice.chance(0.35)) return [now];
  const before = makeAddress(dice, dice.pick(places.towns));
  return [{ ...before, from: daysAfter(since, -dice.between(200, 2_000)), to: since }, now];
}

function makeAddress(dice: Dice, town: Town): AddressRecord {
  return {
    line1: `${dice.between(1, 180)} ${dice.faker.location.street()}`,
    town: town.name,
    postcode: postcodeIn(town, dice),
    uprn: String(dice.between(100_000_000_000, 199_999_999_999)),
  };
}

function makeCarers(dice: Dice, familyName: string): CarerRecord[] {
  const telephone = () => `01632 960${String(dice.between(0, 999)).padStart(3, '0')}`;
  const carers: CarerRecord[] = [
    {
      name: `${dice.faker.person.firstName('female')} ${familyName}`,
      relationship: 'MOTHER',
      hasParentalResponsibility: true,
      phone: telephone(),
    },
  ];
  if (dice.chance(0.65)) {
    carers.push({
      name: `${dice.faker.person.firstName('male')} ${dice.chance(0.7) ? familyName : dice.faker.person.lastName()}`,
      relationship: dice.chance(0.8) ? 'FATHER' : 'STEPFATHER',
      hasParentalResponsibility: dice.chance(0.85),
      phone: telephone(),
    });
  }
  return carers;
}

/** DfE national curriculum year group on `TODAY`: R, 1 … 13. */
export function yearGroupOf(birth: string): string {
  const startedReception = academicYearOf(birth) + 5;
  const years = academicYearOf(TODAY) - startedReception;
  return years <= 0 ? 'R' : String(Math.min(13, years));
}
