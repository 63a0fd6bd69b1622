import { isUpn } from '@contactpoint/contract/upn';
import { UPN_UNKNOWN } from '../code-sets.ts';

/** A UPN that may go to the directory, or why it may not; neither where there is none. */
export interface ReadUpn {
  readonly upn?: string;
  readonly dropped?: 'INVALID_UPN' | 'UPN_NOT_KNOWN';
}

/** A bad number is no reason to lose the child: the row is taken under the authority's own number without it. */
export function readUpn(value: string | null): ReadUpn {
  if (value === null) return {};
  const upn = value.toUpperCase();
  if (isUpn(upn)) return { upn };
  return { dropped: UPN_UNKNOWN.test(upn) ? 'UPN_NOT_KNOWN' : 'INVALID_UPN' };
}
