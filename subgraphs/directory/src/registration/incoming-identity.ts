import type { Sex } from '../record.ts';

/** One child as an agency's import brings it, under the number of the local authority that sent the file. */
export interface IncomingIdentity {
  /** The importer's own mark of the row, given back with the result. */
  readonly ref: string;
  /** DfE code, `975`. */
  readonly authority: string;
  /** LOCAL_AUTHORITY_CHILD_ID within the authority: with it the key that decides who this is. */
  readonly localId: string;
  /** Null for the unborn and where the source does not say. */
  readonly dateOfBirth: string | null;
  readonly sex: Sex;
  /** Valid ones only: an invalid number is for the importer to drop and report. */
  readonly upn?: string;
  readonly nhsNumber?: string;
  readonly givenNames?: readonly string[];
  readonly familyName?: string;
  readonly ethnicity?: string;
}

/** A number that belongs to another child already; the row was taken without it. */
export type DroppedIdentifier = 'UPN_IN_USE' | 'NHS_NUMBER_IN_USE';

export interface RegistrationResult {
  readonly ref: string;
  /**
   * `contradiction`: the authority's number stands for a child with another date of birth. `resembles-shielded`: nobody
   * has the number, but a shielded child may be meant; creating a second identity would undo the shield.
   */
  readonly outcome: 'created' | 'updated' | 'unchanged' | 'resembles-shielded' | 'contradiction';
  /** ContactPoint number; absent for the two outcomes that register nobody. */
  readonly childId?: string;
  readonly dropped: readonly DroppedIdentifier[];
}
