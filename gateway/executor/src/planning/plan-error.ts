/** Why an operation has no plan. */
export type PlanErrorCode =
  /** The document has no operation of that name, or several and no name was given. */
  | 'UNKNOWN_OPERATION'
  /** An alias or a variable carries a name that the executor keeps for itself. */
  | 'RESERVED_NAME'
  /** `@defer`, and directives that need them. */
  | 'UNSUPPORTED'
  /** The planner found none, or gave up. */
  | 'NO_PLAN'
  /** There is one, and it is too large to be run: see plan-size.ts. */
  | 'TOO_LARGE'
  /** There is no planner at the moment. */
  | 'NO_PLANNER';

/** Thrown by `Executor.prepare`. The message holds names from the operation's text, never a value. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
  readonly code: PlanErrorCode;

  constructor(code: PlanErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
