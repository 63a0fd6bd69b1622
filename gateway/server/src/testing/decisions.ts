import { attainable, createDecider } from '@contactpoint/access/decide';
import type { Facts } from '@contactpoint/access/facts';
import { loadPolicySet } from '@contactpoint/access/policy-set';
import type { Principal } from '@contactpoint/access/principal';
import type { PurposeOfUse } from '@contactpoint/access/purpose';
import type { Role } from '@contactpoint/access/role';
import { createSubjectDecisions, type SubjectDecisions } from '../pipeline/authorize-subjects.ts';
import type { StatedPurpose } from '../pipeline/purpose-of-use.ts';
import type { FactsSource } from '../subgraphs/facts.ts';
import { callerOf, principalOf } from './personas.ts';

/** By the policies as they are. */
export const decide = createDecider(loadPolicySet());

export function stating(purpose: PurposeOfUse): StatedPurpose {
  return { purpose, reason: 'a reason of some length', override: false };
}

export function atBest(principal: Principal, { purpose, override }: StatedPurpose) {
  return attainable(decide, principal, purpose, override);
}

/** Facts as the directory would answer them; it leaves out children that are not named here. */
export function factsSource(known: Readonly<Record<string, Facts>>): FactsSource {
  return {
    async find(_caller, children, onQuestion) {
      onQuestion('facts-jti');
      return new Map(
        children.map((child) => {
          const facts = known[child];
          if (facts === undefined) throw new Error('The directory left a child out of its facts');
          return [child, facts];
        }),
      );
    },
    forget: () => {},
    close: async () => {},
  };
}

export function decisionsFor(
  role: Role,
  purpose: PurposeOfUse,
  known: Readonly<Record<string, Facts>>,
): SubjectDecisions {
  return createSubjectDecisions({
    decide,
    facts: factsSource(known),
    principal: principalOf(role),
    stated: stating(purpose),
    caller: callerOf(role, purpose),
    onQuestion: () => {},
  });
}
