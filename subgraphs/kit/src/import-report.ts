/** Where in a file something stands: the line counts from 1, the field as the format names it. */
export interface FilePlace {
  readonly file: string;
  readonly line: number;
  readonly field?: string;
}

/** Something that was not taken as it stood. Never holds the value itself: reports are logged. */
export interface ImportRemark extends FilePlace {
  /** `INVALID_UPN`, `BIRTH_AFTER_EVENT`, `UNKNOWN_CODE`, `RESEMBLES_SHIELDED` … */
  readonly reason: string;
}

/** What became of every row: `rows` = accepted + updated + unchanged + quarantined.length. */
export interface ImportReport {
  readonly source: string;
  readonly rows: number;
  readonly accepted: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Optional values left out of rows that were taken. */
  readonly dropped: readonly ImportRemark[];
  /** Rows not taken. */
  readonly quarantined: readonly ImportRemark[];
}

/** The file does not have its format; nothing of it was stored. */
export class MalformedFileError extends Error {
  override readonly name = 'MalformedFileError';
  readonly place: FilePlace;

  constructor(place: FilePlace, problem: string, options?: ErrorOptions) {
    const field = place.field === undefined ? '' : `, field ${place.field}`;
    super(`${place.file}, line ${place.line}${field}: ${problem}`, options);
    this.place = place;
  }
}
