import type { GrantClaims } from '@contactpoint/access/grant';
import { isContactPointNumber } from '@contactpoint/contract/contactpoint-number';

/** The gateway did not say under which numbers a child is known: an answer would leave out what stands under the others. */
export class NumbersMissingError extends Error {
  override readonly name = 'NumbersMissingError';
}

/**
 * All numbers of a child, as the gateway asked the directory for them. Oversight keeps no links between numbers: two
 * that must not be linked cannot be found to be so here.
 *
 * @returns What is no number of anybody stands for itself.
 * @throws NumbersMissingError
 */
export function numbersOf({ numbers = {} }: GrantClaims, childId: string): readonly string[] {
  const known = Object.hasOwn(numbers, childId) ? numbers[childId] : undefined;
  if (known !== undefined) return known;
  if (isContactPointNumber(childId))
    throw new NumbersMissingError('The grant does not say under which numbers the child is known');
  return [childId];
}
