import { hash } from 'node:crypto';
import { PlanError } from './plan-error.ts';
import { PlannerFailure } from './planner-failure.ts';

/** Operations that have no plan, so that nobody makes the planner look for one again and again. */
export interface WithoutPlan {
  /** @throws PlanError what `plan` throws, or has thrown for the same text before. */
  unless<Plan>(query: string, plan: () => Plan): Plan;
}

/** Texts, by their digests, with their errors: some 3 kB each. The oldest goes first. */
const REMEMBERED = 1_000;

/** Milliseconds for which a planner that gave no answer is not asked the same; it may have been the machine. */
const FAILURE_REMEMBERED = 60_000;

/** @param monotonic Milliseconds. */
export function rememberWithoutPlan(monotonic: () => number = () => performance.now()): WithoutPlan {
  const known = new Map<string, { readonly error: PlanError; readonly until: number }>();

  return {
    unless(query, plan) {
      const key = hash('sha256', query, 'base64');
      const remembered = known.get(key);
      if (remembered !== undefined) {
        if (monotonic() < remembered.until) throw remembered.error;
        known.delete(key);
      }
      try {
        return plan();
      } catch (error) {
        if (error instanceof PlanError && error.code !== 'NO_PLANNER') {
          const [oldest] = known.keys();
          if (oldest !== undefined && known.size >= REMEMBERED) known.delete(oldest);
          known.set(key, { error, until: isPassing(error) ? monotonic() + FAILURE_REMEMBERED : Infinity });
        }
        throw error;
      }
    },
  };
}

function isPassing({ cause }: PlanError): boolean {
  return cause instanceof PlannerFailure && cause.code === 'FAILED';
}
