import type { Sex } from '../record.ts';
import { compareNameLists, type NameAgreement } from './name.ts';
import { transposedDate } from './transposed-date.ts';

/** What a search and a child have in common to compare by; nothing here is above IDENTITY. */
export interface Comparable {
  readonly givenNames: readonly string[];
  readonly familyName: string;
  readonly dateOfBirth: string;
  readonly sex: Sex;
}

/** Chance of an agreement for the same person (m) and for two people at random (u). */
interface Likelihood {
  readonly m: number;
  readonly u: number;
}

const FAMILY_NAME: Record<NameAgreement, Likelihood> = {
  EXACT: { m: 0.88, u: 0.003 },
  SIMILAR: { m: 0.09, u: 0.006 },
  DIFFERENT: { m: 0.03, u: 0.991 },
};

const GIVEN_NAME: Record<NameAgreement, Likelihood> = {
  EXACT: { m: 0.85, u: 0.01 },
  SIMILAR: { m: 0.1, u: 0.02 },
  DIFFERENT: { m: 0.05, u: 0.97 },
};

/** u: some 18 years of days. */
const DATE_OF_BIRTH = {
  EXACT: { m: 0.95, u: 0.00018 },
  TRANSPOSED: { m: 0.02, u: 0.0002 },
  ONE_DIGIT: { m: 0.02, u: 0.003 },
  DIFFERENT: { m: 0.01, u: 0.997 },
} as const satisfies Record<string, Likelihood>;

const SEX = { SAME: { m: 0.98, u: 0.5 }, DIFFERENT: { m: 0.02, u: 0.5 } } as const;

/** Odds before anything is compared: the child meant is one of some 300,000 in the searcher's region. */
const PRIOR = Math.log2(1 / 300_000);

/**
 * Match weight in bits, prior included: the sum of log2(m/u) over the comparisons. What one side does not know adds
 * nothing.
 * @see Fellegi and Sunter, A Theory for Record Linkage, JASA 64 (1969)
 */
export function matchWeight(sought: Comparable, found: Comparable): number {
  const family = compareNameLists([sought.familyName], [found.familyName]);
  const given = compareNameLists(sought.givenNames, found.givenNames);
  return (
    PRIOR +
    (family === undefined ? 0 : bits(FAMILY_NAME[family])) +
    (given === undefined ? 0 : bits(GIVEN_NAME[given])) +
    bits(DATE_OF_BIRTH[compareDates(sought.dateOfBirth, found.dateOfBirth)]) +
    sexWeight(sought.sex, found.sex)
  );
}

/** Probability of a weight, in steps of 0.05: finer ones would only tell candidates apart by what is not asked. */
export function matchScore(weight: number): number {
  return Math.round(20 / (1 + 2 ** -weight)) / 20;
}

function bits({ m, u }: Likelihood): number {
  return Math.log2(m / u);
}

function compareDates(one: string, other: string): keyof typeof DATE_OF_BIRTH {
  if (one === other) return 'EXACT';
  if (transposedDate(one) === other) return 'TRANSPOSED';
  let differing = 0;
  for (let place = 0; place < one.length; place++) if (one[place] !== other[place]) differing++;
  return differing === 1 ? 'ONE_DIGIT' : 'DIFFERENT';
}

function sexWeight(one: Sex, other: Sex): number {
  if (one === 'UNKNOWN' || other === 'UNKNOWN') return 0;
  return bits(one === other ? SEX.SAME : SEX.DIFFERENT);
}
