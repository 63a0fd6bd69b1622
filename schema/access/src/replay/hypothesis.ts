import type { Facts } from '../facts.ts';

/** What may have held when a decision was made and, on purpose, stands in no event. */
export interface Hypothesis {
  readonly facts: Facts;
  /** Break-glass counts for the one child whose glass was broken, and an event may be about several. */
  readonly override: boolean;
}

const RELATIONSHIPS = ['ALLOCATED', 'TEAM', 'NONE'] as const;
const EITHER = [false, true] as const;

/** Every hypothesis there is: those without break-glass first. */
export const HYPOTHESES: readonly Hypothesis[] = EITHER.flatMap((override) =>
  RELATIONSHIPS.flatMap((relationship) =>
    EITHER.flatMap((shielded) =>
      EITHER.map((ownRecord) => ({ override, facts: { relationship, shielded, ownRecord } })),
    ),
  ),
);

/** Some of the hypotheses: bit `i` stands for `HYPOTHESES[i]`. There are 24, so a number holds them. */
export type HypothesisSet = number;

export const NO_HYPOTHESIS: HypothesisSet = 0;

/** What may have held of an event that says whether glass was broken in it. */
export function possibleHypotheses(override: boolean): HypothesisSet {
  return HYPOTHESES.reduce(
    (set, hypothesis, index) => (override || !hypothesis.override ? set | (1 << index) : set),
    NO_HYPOTHESIS,
  );
}

/** Indexes of the set's members, ascending. */
export function membersOf(set: HypothesisSet): number[] {
  return HYPOTHESES.flatMap((_hypothesis, index) => ((set >> index) & 1 ? [index] : []));
}

/** Index of the hypothesis that opens most: the same break-glass, and the best facts there are. */
export function bestHypothesis(index: number): number {
  const override = HYPOTHESES[index]?.override;
  return HYPOTHESES.findIndex(
    ({ facts, override: same }) =>
      same === override && facts.relationship === 'ALLOCATED' && !facts.shielded && facts.ownRecord,
  );
}
