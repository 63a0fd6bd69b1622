/** How an import that did not come about ends, by what was wrong; numbers of sysexits.h. */
export const IMPORT_EXIT_CODES = {
  /** EX_USAGE */
  USAGE: 64,
  /** EX_DATAERR */
  MALFORMED_FILE: 65,
  /** EX_NOINPUT */
  FILE_NOT_READABLE: 66,
  /** EX_UNAVAILABLE: a database does not answer. */
  DATABASE_UNAVAILABLE: 69,
  /** EX_UNAVAILABLE: what cannot be recorded is not done. */
  AUDIT_UNAVAILABLE: 69,
  /** EX_SOFTWARE */
  FAILED: 70,
  /** EX_CONFIG */
  CONFIGURATION: 78,
} as const;

export type ImportErrorCode = keyof typeof IMPORT_EXIT_CODES;

/** An import did not come about. The message is for whoever runs it, and holds no value of a record. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
  readonly code: ImportErrorCode;
  /** Whether something may have been stored by then; the same import again completes it. */
  readonly isIncomplete: boolean;

  constructor(
    code: ImportErrorCode,
    message: string,
    { isIncomplete = false, ...options }: ErrorOptions & { readonly isIncomplete?: boolean } = {},
  ) {
    super(message, options);
    this.code = code;
    this.isIncomplete = isIncomplete;
  }
}
