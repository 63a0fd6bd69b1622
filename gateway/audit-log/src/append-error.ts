/** Why a leaf was not known to be kept; each means that nothing may be released on its account. */
export type AppendErrorCode =
  /** The store refused the write, or the connection broke. The leaf may have been kept all the same. */
  | 'STORE_FAILED'
  /** The store did not answer in time. The leaf may have been kept all the same. */
  | 'DEADLINE'
  | 'QUEUE_FULL'
  /** No checkpoint covers the log, so that nobody could prove what it says. Nothing was kept. */
  | 'NOT_COVERED'
  | 'CLOSED';

const MESSAGES: Record<AppendErrorCode, string> = {
  STORE_FAILED: 'The audit store failed',
  DEADLINE: 'The audit store did not answer within the deadline',
  QUEUE_FULL: 'Too many leaves wait for the audit store',
  NOT_COVERED: 'The audit log is not covered by checkpoints',
  CLOSED: 'The audit log is closed',
};

/** The leaf is not known to be durable. */
export class AppendError extends Error {
  override readonly name = 'AppendError';
  readonly code: AppendErrorCode;

  constructor(code: AppendErrorCode, options?: ErrorOptions) {
    super(MESSAGES[code], options);
    this.code = code;
  }
}

/** The store cannot serve as a log: it would not keep what it acknowledges, or another process writes the same log. */
export class AuditStoreError extends Error {
  override readonly name: string = 'AuditStoreError';
}

/** Another process writes the log, or one of the same instance: of each there is one at a time. */
export class LogInUseError extends AuditStoreError {
  override readonly name = 'LogInUseError';
}
