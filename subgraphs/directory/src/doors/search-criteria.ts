import { isCalendarDate } from '@contactpoint/access/calendar-date';
import { SubgraphError } from '@contactpoint/subgraph-kit/subgraph-error';
import type { Comparable } from '../matching/match-score.ts';
import { normaliseName } from '../matching/name.ts';
import type { Sex } from '../record.ts';

/** `ChildSearch` of the contract. */
export interface ChildSearch {
  readonly familyName: string;
  readonly givenName: string;
  readonly dateOfBirth: string;
  readonly sex?: Sex | null;
  readonly postcode?: string | null;
}

export interface Criteria extends Comparable {
  /** Normalised; undefined where the search names none. */
  readonly postcode: string | undefined;
}

const NAME_LENGTH = 100;

/**
 * @param today Calendar date in Europe/London.
 * @throws SubgraphError BAD_USER_INPUT: a search names one person; blanks, wildcards and dates to come name nobody.
 */
export function checkCriteria(search: ChildSearch, today: string): Criteria {
  if (!isCalendarDate(search.dateOfBirth) || search.dateOfBirth > today) {
    throw new SubgraphError('BAD_USER_INPUT', 'dateOfBirth is no day that has been');
  }
  const postcode = search.postcode ?? undefined;
  if (postcode !== undefined && normalisePostcode(postcode) === '') {
    throw new SubgraphError('BAD_USER_INPUT', 'postcode is blank');
  }
  return {
    familyName: checkName('familyName', search.familyName),
    givenNames: [checkName('givenName', search.givenName)],
    dateOfBirth: search.dateOfBirth,
    sex: search.sex ?? 'UNKNOWN',
    postcode: postcode === undefined ? undefined : normalisePostcode(postcode),
  };
}

export function normalisePostcode(postcode: string): string {
  return postcode.replace(/\s/g, '').toUpperCase();
}

function checkName(field: string, name: string): string {
  if (normaliseName(name) === '') throw new SubgraphError('BAD_USER_INPUT', `${field} is blank`);
  if (/[*%?_\\]/.test(name)) throw new SubgraphError('BAD_USER_INPUT', `${field} takes no wildcards`);
  if (name.length > NAME_LENGTH) {
    throw new SubgraphError('BAD_USER_INPUT', `${field} is longer than ${NAME_LENGTH} characters`);
  }
  return name;
}
