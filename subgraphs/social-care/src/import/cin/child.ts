import { ETHNICITY, isCode } from '../../code-sets.ts';
import { DAYS_BEFORE_BIRTH, daysAfter } from '../calendar.ts';
import { type Fields, refuseBeforeBirth } from '../fields.ts';
import { RowRefused } from '../refusal.ts';
import type { IncomingIdentity } from '../registration.ts';
import { type ReadUpn, readUpn } from '../upn.ts';
import { CIN_SEX, DISABILITY } from './codes.ts';
import { childOf, childrenOf, type Element } from './element.ts';

/** A child of the census, attributed and free of contradictions. */
export interface CinChild {
  readonly identity: IncomingIdentity;
  readonly dropped: ReadUpn['dropped'];
  readonly disabilities: readonly string[];
  /** First day of anything about the child; null for a child not born yet. */
  readonly earliest: string | null;
}

/**
 * Reads who the child is.
 *
 * @param identifiers Fields of ChildIdentifiers.
 * @param characteristics Fields of ChildCharacteristics.
 * @throws RowRefused when the child cannot be attributed or contradicts itself.
 */
export function readChild(
  child: Element,
  identifiers: Fields,
  characteristics: Fields,
  authority: string,
): CinChild {
  const localId = identifiers.optional('LAchildID');
  if (localId === null) throw new RowRefused('MISSING_LOCAL_ID', 'LAchildID');
  const dateOfBirth = identifiers.optionalDate('PersonBirthDate');
  const expected = identifiers.optionalDate('ExpectedPersonBirthDate');
  refuseBeforeBirth(identifiers.optionalDate('PersonDeathDate'), dateOfBirth, 'PersonDeathDate');
  const ethnicity = characteristics.optionalCode('Ethnicity', ETHNICITY);
  const { upn, dropped } = readUpn(identifiers.optional('UPN'));
  const born = dateOfBirth ?? expected;
  return {
    identity: {
      ref: localId,
      authority,
      localId,
      dateOfBirth,
      sex: readSex(identifiers),
      ...(upn === undefined ? {} : { upn }),
      ...(ethnicity === null ? {} : { ethnicity }),
    },
    dropped,
    disabilities: readDisabilities(child),
    earliest: born === null ? null : daysAfter(born, -DAYS_BEFORE_BIRTH),
  };
}

/** GenderCurrent until the census of 2024, Sex since. */
function readSex(identifiers: Fields): IncomingIdentity['sex'] {
  const field = identifiers.optional('Sex') === null ? 'GenderCurrent' : 'Sex';
  return CIN_SEX[identifiers.code(field, CIN_SEX) as keyof typeof CIN_SEX];
}

/** NONE is what the census says of a child without any: the record then has none. */
function readDisabilities(child: Element): string[] {
  const characteristics = childOf(child, 'ChildCharacteristics');
  const disabilities = characteristics && childOf(characteristics, 'Disabilities');
  const codes = disabilities ? childrenOf(disabilities, 'Disability').map(({ text }) => text.trim()) : [];
  if (codes.some((code) => !isCode(DISABILITY, code))) throw new RowRefused('UNKNOWN_CODE', 'Disability');
  return [...new Set(codes)].filter((code) => code !== 'NONE').sort();
}
