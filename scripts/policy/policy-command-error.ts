/** How a command about policies ends when it could not do its work, by what was wrong; numbers of sysexits.h. */
export const POLICY_EXIT_CODES = {
  /** EX_USAGE */
  USAGE: 64,
  /** EX_UNAVAILABLE: the audit log's database does not answer. */
  UNAVAILABLE: 69,
  /** EX_SOFTWARE */
  FAILED: 70,
  /** EX_CONFIG: policies, supergraph or the place of the log are not there, or do not load. */
  CONFIGURATION: 78,
} as const;

/** A command about policies could not do its work. The message is for whoever runs it. */
export class PolicyCommandError extends Error {
  override readonly name = 'PolicyCommandError';
  readonly code: keyof typeof POLICY_EXIT_CODES;

  constructor(code: keyof typeof POLICY_EXIT_CODES, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
