import { PlanError } from './plan-error.ts';

/** Largest plan that is run. */
export interface PlanLimits {
  /** Requests to subgraphs that it holds. */
  readonly planFetches: number;
  /** Bytes of their texts together, UTF-8. */
  readonly planBytes: number;
}

/** On the contract a view of everything that there is of a child comes to 4 fetches and 2 kB. */
export const PLAN_LIMITS: PlanLimits = { planFetches: 200, planBytes: 262_144 };

/** The plan is larger than it may be. */
export class PlanSizeError extends PlanError {
  readonly limit: keyof PlanLimits;

  constructor(limit: keyof PlanLimits, most: number) {
    super('TOO_LARGE', `The plan of the operation passes the limit of ${most} ${limit}`);
    this.limit = limit;
  }
}

/**
 * What a plan has come to so far. Limits on operations do not bound plans: a field may be asked of several subgraphs, and of
 * an interface for each type behind it.
 */
export class PlanSize {
  readonly #limits: PlanLimits;
  #fetches = 0;
  #bytes = 0;

  constructor(limits: PlanLimits) {
    this.#limits = limits;
  }

  /** @throws PlanSizeError */
  addFetch(): void {
    this.#fetches++;
    if (this.#fetches > this.#limits.planFetches)
      throw new PlanSizeError('planFetches', this.#limits.planFetches);
  }

  /** @throws PlanSizeError */
  addText(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#limits.planBytes) throw new PlanSizeError('planBytes', this.#limits.planBytes);
  }
}
