/** Why a planner that was asked gave no plan. */
export type PlannerFailureCode =
  /** There is none. */
  | 'REFUSED'
  /** It ended while it was looking for one, or was not waited for any longer. */
  | 'FAILED'
  /** There is nobody to ask at the moment. */
  | 'AWAY';

/** The message may quote the operation. */
export class PlannerFailure extends Error {
  override readonly name = 'PlannerFailure';
  readonly code: PlannerFailureCode;

  constructor(code: PlannerFailureCode, message: string) {
    super(message);
    this.code = code;
  }
}
