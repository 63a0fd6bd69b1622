import type { Verdict } from '@contactpoint/access/decision';
import type { ReachedCoordinate } from '@contactpoint/executor/hooks';

/** What of one child an operation selects, and what the decision makes of it; sorted, each coordinate once, frozen. */
export interface CoordinateAccess {
  readonly released: readonly string[];
  readonly withheld: readonly string[];
  /** Ids of the determining policies. */
  readonly policies: readonly string[];
}

/** @param subjectField As in `ReachedCoordinate`. */
export type JudgeCoordinate = (subjectField: string, coordinate: string) => Verdict;

/**
 * What is said of the coordinates of one operation, for every child who is decided alike. Each is judged once: a decision
 * is the same object for the same circumstances, so that what follows from it and the operation can be kept with both.
 */
export class Verdicts {
  readonly #judge: JudgeCoordinate;
  readonly #verdicts = new Map<string, Map<string, Verdict>>();
  readonly #access = new WeakMap<readonly ReachedCoordinate[], CoordinateAccess>();

  constructor(judge: JudgeCoordinate) {
    this.#judge = judge;
  }

  of(subjectField: string, coordinate: string): Verdict {
    let below = this.#verdicts.get(subjectField);
    if (below === undefined) {
      below = new Map();
      this.#verdicts.set(subjectField, below);
    }
    let verdict = below.get(coordinate);
    if (verdict === undefined) {
      verdict = this.#judge(subjectField, coordinate);
      below.set(coordinate, verdict);
    }
    return verdict;
  }

  /**
   * What was released and withheld of a child, whether or not there was a value. What is below a withheld field, or below
   * a withheld child, is withheld with it.
   *
   * @param reached The same list of the same operation gives the same object.
   */
  over(reached: readonly ReachedCoordinate[]): CoordinateAccess {
    let access = this.#access.get(reached);
    if (access === undefined) {
      access = this.#judgeAll(reached);
      this.#access.set(reached, access);
    }
    return access;
  }

  #judgeAll(reached: readonly ReachedCoordinate[]): CoordinateAccess {
    const released = new Set<string>();
    const withheld = new Set<string>();
    const policies = new Set<string>();
    for (const { subjectField, through = [], coordinate } of reached) {
      const [type] = subjectField.split('.') as [string];
      const verdicts = [
        this.of(`${type}.id`, `${type}.id`),
        ...[subjectField, ...through, coordinate].map((each) => this.of(subjectField, each)),
      ];
      (verdicts.every((verdict) => verdict.released) ? released : withheld).add(coordinate);
      for (const policy of verdicts.flatMap((verdict) => verdict.policies)) policies.add(policy);
    }
    return coordinateAccess(released, withheld, policies);
  }
}

/** What several places of an operation show of one child. */
export function joinAccess(places: readonly CoordinateAccess[]): CoordinateAccess {
  const [first, ...others] = places;
  if (first !== undefined && others.length === 0) return first;
  return coordinateAccess(
    new Set(places.flatMap(({ released }) => released)),
    new Set(places.flatMap(({ withheld }) => withheld)),
    new Set(places.flatMap(({ policies }) => policies)),
  );
}

/**
 * One coordinate can be reached in two places, and be released in one and withheld in the other: then it stands as both.
 * To call it withheld alone would leave a release off the record.
 */
function coordinateAccess(
  released: ReadonlySet<string>,
  withheld: ReadonlySet<string>,
  policies: ReadonlySet<string>,
): CoordinateAccess {
  return {
    released: Object.freeze([...released].sort()),
    withheld: Object.freeze([...withheld].sort()),
    policies: Object.freeze([...policies].sort()),
  };
}
