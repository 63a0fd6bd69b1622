import { AccessError } from '@contactpoint/access/access-error';
import type { Decide } from '@contactpoint/access/decide';
import type { Decision } from '@contactpoint/access/decision';
import type { Principal } from '@contactpoint/access/principal';
import type { FactsCaller, FactsSource } from '../subgraphs/facts.ts';
import type { StatedPurpose } from './purpose-of-use.ts';

/**
 * Subjects step: the decisions of one request, child by child. Made once per request, since a decision must not outlive
 * the facts it was made from.
 */
export interface SubjectDecisions {
  /**
   * Decides for children not decided yet. Fetches to several agencies need the same ones at once: of each the facts are
   * asked for once.
   *
   * @throws AccessError ACCESS_UNDECIDED when the directory's facts are out of reach.
   */
  decideFor(children: readonly string[]): Promise<void>;
  /** @throws AccessError ACCESS_UNDECIDED for a child that `decideFor` was not asked about. */
  of(child: string): Decision;
}

export function createSubjectDecisions(options: {
  readonly decide: Decide;
  readonly facts: FactsSource;
  readonly principal: Principal;
  readonly stated: StatedPurpose;
  readonly caller: FactsCaller;
  /** Told the `jti` of each question before it is sent. */
  readonly onQuestion: (jti: string) => void;
  /** True where only facts asked for from now on will do. */
  readonly anew?: boolean;
  /** Children decided with override; none where it is absent. */
  readonly overridden?: ReadonlySet<string>;
}): SubjectDecisions {
  const { decide, facts, principal, stated, caller, onQuestion, anew = false, overridden } = options;
  const decisions = new Map<string, Decision>();
  const deciding = new Map<string, Promise<void>>();

  const decideOn = async (children: readonly string[]): Promise<void> => {
    const found = await facts.find(caller, children, onQuestion, anew).catch((cause: unknown) => {
      throw new AccessError('ACCESS_UNDECIDED', 'The facts of the decision cannot be had', { cause });
    });
    for (const [child, known] of found) {
      decisions.set(child, decide(principal, stated.purpose, overridden?.has(child) ?? false, known));
    }
  };

  return {
    async decideFor(children) {
      const undecided = children.filter((child) => !decisions.has(child));
      if (undecided.length === 0) return;
      const unasked = undecided.filter((child) => !deciding.has(child));
      if (unasked.length > 0) {
        const underWay = decideOn(unasked);
        for (const child of unasked) deciding.set(child, underWay);
      }
      await Promise.all(new Set(undecided.map((child) => deciding.get(child))));
    },
    of(child) {
      const decision = decisions.get(child);
      if (decision === undefined)
        throw new AccessError('ACCESS_UNDECIDED', 'A child was reached without a decision');
      return decision;
    },
  };
}
