/** Why a row was not taken. */
export type RefusalReason =
  /** The row names no child. */
  | 'MISSING_LOCAL_ID'
  /** The row names a child of whom the header, or the file, says nothing. */
  | 'UNKNOWN_CHILD'
  /** The row of the child it belongs to was not taken. */
  | 'CHILD_NOT_TAKEN'
  /** The episode it belongs to was not taken. */
  | 'EPISODE_NOT_TAKEN'
  | 'MISSING_VALUE'
  /** Not written as the format wants it, or no day of the calendar. */
  | 'INVALID_DATE'
  | 'INVALID_VALUE'
  | 'UNKNOWN_CODE'
  | 'BEFORE_BIRTH'
  | 'END_BEFORE_START'
  /** Another row of the return says something else of the same thing. */
  | 'CONTRADICTS_EARLIER_ROW'
  /** The directory knows the authority's number with another date of birth. */
  | 'CONTRADICTS_DIRECTORY'
  /** A shielded child may be meant; a second identity would undo the shield. */
  | 'RESEMBLES_SHIELDED';

/** Thrown while a row is read; the row is quarantined and the next one read. Holds no value of the row. */
export class RowRefused extends Error {
  override readonly name = 'RowRefused';
  readonly reason: RefusalReason;
  readonly field: string | undefined;

  constructor(reason: RefusalReason, field?: string) {
    super(field === undefined ? reason : `${reason} in ${field}`);
    this.reason = reason;
    this.field = field;
  }
}
