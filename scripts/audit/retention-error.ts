/** How pruning and rebuilding end when they could not do their work, by what was wrong; numbers of sysexits.h. */
export const RETENTION_EXIT_CODES = {
  /** EX_UNAVAILABLE: a database or the audit log is out of reach. */
  UNAVAILABLE: 69,
  /** EX_CONFIG: nothing says where the databases are. */
  CONFIGURATION: 78,
} as const;

/** A command about what the log keeps could not do its work. The message is for whoever runs it. */
export class RetentionError extends Error {
  override readonly name = 'RetentionError';
  readonly code: keyof typeof RETENTION_EXIT_CODES;

  constructor(code: keyof typeof RETENTION_EXIT_CODES, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Ends the process as the error says, a database's included, by its code alone: its words may quote the URL, which holds a
 * password.
 *
 * @throws What is neither.
 */
export function failAs(error: unknown, outcome: string): void {
  const { code } = error as { readonly code?: unknown };
  const known =
    error instanceof RetentionError || typeof code !== 'string'
      ? error
      : new RetentionError('UNAVAILABLE', `A database is out of reach (${code})`, { cause: error });
  if (!(known instanceof RetentionError)) throw known;
  process.stderr.write(`${outcome}. ${known.message}.\n`);
  process.exitCode = RETENTION_EXIT_CODES[known.code];
}
