import { AccessError } from '@contactpoint/access/access-error';
import { isPlainText } from '@contactpoint/access/plain-text';
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
export const SHORTEST_REASON = 10;
export const SHORTEST_OVERRIDE_REASON = 20;
export const LONGEST_REASON = 500;

/**
 * What takes no place for whoever reads it: joiners, what is not assigned, and the blank Braille cell.
 *
 * @see https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
 */
const INVISIBLE = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const BLANKS = /\p{White_Space}+/gu;
const LETTERS_AND_DIGITS = /[\p{L}\p{N}]/gu;

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
  if (!isPlainText(reason)) {
    throw new AccessError(
      'ACCESS_REASON_REQUIRED',
      'Write Access-Reason without characters that cannot be seen or that turn the order of others',
    );
  }
  const shortest = override ? SHORTEST_OVERRIDE_REASON : SHORTEST_REASON;
  if (!isLegible(reason, shortest) || reason.length > LONGEST_REASON) {
    throw new AccessError(
      'ACCESS_REASON_REQUIRED',
      `Say why in ${shortest} to ${LONGEST_REASON} characters: Access-Reason`,
    );
  }
  return { purpose, reason, override };
}

/** Whether an auditor would have something to read: long enough by what can be seen, half of it letters and digits. */
function isLegible(reason: string, shortest: number): boolean {
  const seen = reason.replaceAll(BLANKS, ' ').replaceAll(INVISIBLE, '').trim();
  return seen.length >= shortest && (seen.match(LETTERS_AND_DIGITS)?.length ?? 0) >= shortest / 2;
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
