import type { Decision } from '@contactpoint/access/decision';
import { lesser } from '@contactpoint/access/lesser-decision';
import type { SubjectDecisions } from './authorize-subjects.ts';

/** The decisions of one request that two people make together: each child is decided for both, on the facts of each. */
export function lesserDecisions(one: SubjectDecisions, other: SubjectDecisions): SubjectDecisions {
  const decisions = new Map<string, Decision>();
  return {
    async decideFor(children) {
      await Promise.all([one.decideFor(children), other.decideFor(children)]);
    },
    of(child) {
      let decision = decisions.get(child);
      if (decision === undefined) {
        decision = lesser(one.of(child), other.of(child));
        decisions.set(child, decision);
      }
      return decision;
    },
  };
}
