import type { SchoolRecord } from '@contactpoint/education/record';
import type { PracticeRecord } from '@contactpoint/health/record';
import type { Dice } from './dice.ts';

/** Where the synthetic children live, learn and see a doctor; no such postcode area exists. */
export interface Places {
  readonly towns: readonly Town[];
  readonly schools: readonly SchoolRecord[];
  readonly practices: readonly PracticeRecord[];
}

export interface Town {
  readonly name: string;
  /** Outward code; QZ is no postcode area of the United Kingdom. */
  readonly outward: string;
}

/** The invented authority's DfE code; the personas work for it. */
export const AUTHORITY = '975';

const TOWNS = [
  'Brackenford',
  'Millbrook',
  'Hawthorn Vale',
  'Oxley',
  'Stonebridge',
  'Lower Wick',
  'Ashcombe',
  'Fenwick',
];
const SCHOOL_KINDS = [
  'Primary School',
  'Academy',
  'Junior School',
  'High School',
  'Community College',
  'Infant School',
];
const PRACTICE_KINDS = ['Surgery', 'Medical Centre', 'Health Centre', 'Family Practice'];

/** Schools and practices the generator makes; the first of each is the personas' own. */
const SCHOOLS = 24;
const PRACTICES = 12;

export function makePlaces(dice: Dice): Places {
  const towns = TOWNS.map((name, index) => ({ name, outward: `QZ${index + 1}` }));
  const schools = Array.from({ length: SCHOOLS }, (_, index): SchoolRecord => {
    const town = towns[index % towns.length] as Town;
    return {
      urn: String(900_001 + index),
      name:
        index === 0 ? 'Hawthorn Road Academy' : `${dice.faker.person.lastName()} ${dice.pick(SCHOOL_KINDS)}`,
      town: town.name,
      postcode: postcodeIn(town, dice),
      openedOn: null,
    };
  });
  const practices = Array.from({ length: PRACTICES }, (_, index): PracticeRecord => {
    const town = towns[index % towns.length] as Town;
    return {
      odsCode: `Z${99_001 + index}`,
      name:
        index === 0 ? 'Millbrook Surgery' : `${dice.faker.person.lastName()} ${dice.pick(PRACTICE_KINDS)}`,
      town: town.name,
      postcode: postcodeIn(town, dice),
    };
  });
  return { towns, schools, practices };
}

export function postcodeIn(town: Town, dice: Dice): string {
  const letters = 'ABDEFGHJLNPQRSTUWXYZ';
  return `${town.outward} ${dice.between(1, 9)}${dice.pick([...letters])}${dice.pick([...letters])}`;
}
