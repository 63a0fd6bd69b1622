import { AccessError } from '@contactpoint/access/access-error';
import { isPurposeOfUse, type PurposeOfUse } from '@contactpoint/access/purpose';
import type { AccessHeaders } from './request.ts';

/** What the caller says the access is for. */
export interface StatedPurpose {
  readonly purpose: PurposeOfUse;
  readonly reason: string;
  /** Whether break-glass is asked for; once its windows are known, whether there is one to decide under. */
  readonly override: boolean;
}

/** Lengths of a reason, characters. */
const SHORTEST_REASON = 10;
const SHORTEST_OVERRIDE_REASON = 20;
const LONGEST_REASON = 500;

/**
 * Required of every operation that touches a subject.
 *
 * @throws AccessError PURPOSE_OF_USE_REQUIRED, ACCESS_REASON_REQUIRED.
 */
export function readPurpose(headers: AccessHeaders): StatedPurpose {
  const purpose = headers.purpose?.trim();
  if (purpose === undefined || purpose === '') {
    throw new AccessError('PURPOSE_OF_USE_REQUIRED', 'Say what the access is for: Access-Purpose');
  }
  if (!isPurposeOfUse(purpose)) {
    throw new AccessError('PURPOSE_OF_USE_REQUIRED', 'Access-Purpose is not a known purpose of use');
  }
  const override = readOverride(headers.override);
  const reason = headers.reason?.trim() ?? '';
  const shortest = override ? SHORTEST_OVERRIDE_REASON : SHORTEST_REASON;
  if (reason.length < shortest || reason.length > LONGEST_REASON) {
    throw new AccessError(
      'ACCESS_REASON_REQUIRED',
      `Say why in ${shortest} to ${LONGEST_REASON} characters: Access-Reason`,
    );
  }
  return { purpose, reason, override };
}

/**
 * Whether the request asks for break-glass.
 *
 * @throws AccessError ACCESS_REASON_REQUIRED for an override of another name.
 */
export function readOverride(header: string | undefined): boolean {
  if (header === undefined || header.trim() === '') return false;
  if (header.trim() === 'break-glass') return true;
  throw new AccessError('ACCESS_REASON_REQUIRED', 'Access-Override knows only break-glass');
}
