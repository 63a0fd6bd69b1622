import { randomBytes } from 'node:crypto';
import { contactPointNumber } from '@contactpoint/contract/contactpoint-number';

export { isContactPointNumber } from '@contactpoint/contract/contactpoint-number';
export { normaliseNumber } from '@contactpoint/contract/normalise-number';

/**
 * A number that nobody has, to be asked about in the place of a child whose denial is silent. Fresh each time: a fixed
 * one would be recognised by the agency that is asked.
 */
export function decoyNumber(): string {
  return contactPointNumber(randomBytes(10));
}
