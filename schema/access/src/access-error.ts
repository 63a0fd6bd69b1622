/** Every code, and the HTTP status used when the whole request fails with it (RFC 9110 §15). */
export const ACCESS_ERROR_STATUS = {
  BAD_REQUEST: 400,
  OPERATION_TOO_COMPLEX: 400,
  OPERATION_NOT_STORED: 400,
  /** No token, a token that does not hold, or a sign-in without a second factor. */
  UNAUTHENTICATED: 401,
  /** `extensions.requirement` names the one that is not met, see accreditation.ts. */
  ACCREDITATION_LAPSED: 403,
  PURPOSE_OF_USE_REQUIRED: 403,
  ACCESS_REASON_REQUIRED: 403,
  UNAUTHORIZED_FIELD_OR_TYPE: 403,
  RECORD_LIMIT_EXCEEDED: 429,
  SUBSCRIPTION_LIMIT_EXCEEDED: 429,
  /** What the account may read has changed since the subscription was opened. */
  SUBSCRIPTION_OUTDATED: 403,
  AUDIT_UNAVAILABLE: 503,
  /**
   * The operation is valid, and no plan leads to what it asks for: nothing that the caller did wrong, and nothing that
   * asking again mends.
   */
  OPERATION_NOT_PLANNABLE: 501,
  /** Operations that were not planned before cannot be for the moment. */
  PLANNER_UNAVAILABLE: 503,
  /** The facts that a decision needs are out of reach. */
  ACCESS_UNDECIDED: 503,
} as const;

export type AccessErrorCode = keyof typeof ACCESS_ERROR_STATUS;

export interface AccessErrorOptions extends ErrorOptions {
  /** What callers may switch on besides the code, `{ requirement: 'TRAINING' }`; sent as GraphQL `extensions`. */
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Thrown when a request may not proceed. Carries no record data, so it may be logged and sent. */
export class AccessError extends Error {
  override readonly name = 'AccessError';
  readonly code: AccessErrorCode;
  readonly status: number;
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(
    code: AccessErrorCode,
    message: string,
    { extensions = {}, ...options }: AccessErrorOptions = {},
  ) {
    super(message, options);
    this.code = code;
    this.status = ACCESS_ERROR_STATUS[code];
    this.extensions = extensions;
  }
}
