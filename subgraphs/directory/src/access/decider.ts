import { createDecider } from '@contactpoint/access/decide';
import { loadPolicySet } from '@contactpoint/access/policy-set';

/** The directory decides for itself, with the same policies as the gateway; loaded once, since they are code. */
export const decide = createDecider(loadPolicySet());
