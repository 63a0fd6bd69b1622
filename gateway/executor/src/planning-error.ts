/** Why a planner that was asked gave no plan. */
export type PlanningErrorCode =
  /** There is none. */
  | 'REFUSED'
  /** It ended while it was looking for one, or was not waited for any longer. */
  | 'FAILED'
  /** There is nobody to ask at the moment. */
  | 'AWAY';

/** The message may quote the operation. */
export class PlanningError extends Error {
  override readonly name = 'PlanningError';
  readonly code: PlanningErrorCode;

  constructor(code: PlanningErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
