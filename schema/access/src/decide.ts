import type { AccessQuestion, Who } from './access-question.ts';
import type { ClassDecision, Decision, Level, WithheldReason } from './decision.ts';
import type { Facts } from './facts.ts';
import type { PolicySet } from './policy-set.ts';
import { PURPOSES, type PurposeOfUse } from './purpose.ts';
import type { Sector } from './sector.ts';
import { type ClassGrant, SENSITIVITY_CLASSES, type SensitivityClass } from './sensitivity.ts';

/** What one caller may read of one child. The same attributes give the same object. */
export type Decide = (who: Who, purpose: PurposeOfUse, override: boolean, facts: Facts) => Decision;

/** Facts under which no more could be granted. */
const BEST_FACTS: Facts = { relationship: 'ALLOCATED', shielded: false, ownRecord: true };

const ALL_PURPOSES = Object.keys(PURPOSES) as PurposeOfUse[];

/**
 * Makes a `decide` that remembers. A decision depends on seven attributes of closed sets (policies/schema.cedarschema),
 * so what is remembered stays small, and is as true for the next child as for the first. Cells are decided when first
 * asked for: most callers only ever touch a few of the 49.
 *
 * Cedar takes 0.3 ms an answer; a remembered decision 0.4 µs, `node schema/access/src/decide.bench.ts`.
 */
export function createDecider(policySet: PolicySet): Decide {
  const remembered = new Map<string, LazyDecision>();
  function decide(who: Who, purpose: PurposeOfUse, override: boolean, facts: Facts): LazyDecision {
    const key = `${who.role} ${who.sector} ${purpose} ${override} ${facts.relationship} ${facts.shielded} ${facts.ownRecord}`;
    let decision = remembered.get(key);
    if (decision === undefined) {
      const { role, sector } = who;
      const { relationship, shielded, ownRecord } = facts;
      const circumstances = {
        who: { role, sector },
        purpose,
        override,
        facts: { relationship, shielded, ownRecord },
      };
      decision = new LazyDecision(policySet, decide, circumstances);
      remembered.set(key, decision);
    }
    return decision;
  }
  return decide;
}

/**
 * What the caller could read of some child, at best: what it denies is denied for every child, and need not be planned.
 * A purpose outside the role's row gives nothing but REFERENCE, with reason PURPOSE; a role without any row POLICY.
 */
export function attainable(decide: Decide, who: Who, purpose: PurposeOfUse, override: boolean): Decision {
  return decide(who, purpose, override, BEST_FACTS);
}

/**
 * The level of one cell and the policies that determine it. Who may not read the minimal subset reads nothing, so the
 * commonest answer takes one question.
 */
export function answerLevel(policySet: PolicySet, question: Omit<AccessQuestion, 'action'>): LevelAnswer {
  const minimal = policySet.answer({ ...question, action: 'readMinimal' });
  if (!minimal.allowed) return { level: 'NONE', policies: minimal.policies };
  const full = policySet.answer({ ...question, action: 'read' });
  return full.allowed
    ? { level: 'FULL', policies: full.policies }
    : { level: 'MINIMAL', policies: minimal.policies };
}

export type LevelAnswer = Pick<ClassDecision, 'level' | 'policies'>;

type Circumstances = Pick<AccessQuestion, 'who' | 'purpose' | 'override' | 'facts'>;
type DecideLazily = (...of: Parameters<Decide>) => LazyDecision;

class LazyDecision implements Decision {
  readonly #policySet: PolicySet;
  readonly #decide: DecideLazily;
  readonly #circumstances: Circumstances;
  readonly #cells = new Map<string, ClassDecision>();
  readonly #answered = new Map<string, LevelAnswer>();
  readonly #grants = new Map<Sector, ClassGrant>();

  constructor(policySet: PolicySet, decide: DecideLazily, circumstances: Circumstances) {
    this.#policySet = policySet;
    this.#decide = decide;
    this.#circumstances = circumstances;
  }

  of(sector: Sector, sensitivityClass: SensitivityClass): ClassDecision {
    return remember(this.#cells, `${sector} ${sensitivityClass}`, () =>
      this.#decideCell(sector, sensitivityClass),
    );
  }

  grantFor(sector: Sector): ClassGrant {
    return remember(this.#grants, sector, () => {
      // Not `of`: reasons, which a grant does without, cost most of a decision.
      const levels = SENSITIVITY_CLASSES.map((name) => [name, this.#answer(sector, name).level] as const);
      return Object.freeze(Object.fromEntries(levels.filter(([, level]) => level !== 'NONE')));
    });
  }

  #decideCell(sector: Sector, sensitivityClass: SensitivityClass): ClassDecision {
    const sealed = sensitivityClass === 'SEALED';
    const apparentLevel = this.#apparent(sealed).#answer(sector, sensitivityClass).level;
    const why = (wanted: Level) =>
      sealed || reaches(apparentLevel, wanted) ? undefined : this.#reason(sector, sensitivityClass, wanted);
    return Object.freeze({
      ...this.#answer(sector, sensitivityClass),
      apparentLevel,
      reason: why('FULL'),
      minimalReason: why('MINIMAL'),
    });
  }

  /** The level alone: reasons compare levels under other purposes, and must not ask for those purposes' reasons. */
  #answer(sector: Sector, sensitivityClass: SensitivityClass): LevelAnswer {
    return remember(this.#answered, `${sector} ${sensitivityClass}`, () =>
      answerLevel(this.#policySet, { ...this.#circumstances, sector, sensitivityClass }),
    );
  }

  /** The decision for the same caller, had the child no shield and, where it matters, nothing sealed from them. */
  #apparent(sealed: boolean): LazyDecision {
    const { who, purpose, override, facts } = this.#circumstances;
    return this.#decide(who, purpose, override, {
      ...facts,
      shielded: false,
      ownRecord: sealed || facts.ownRecord,
    });
  }

  /** What is missing where the wanted level is not reached, in the order POLICY, PURPOSE, RELATIONSHIP. */
  #reason(sector: Sector, sensitivityClass: SensitivityClass, wanted: Level): WithheldReason {
    const { who, purpose, override } = this.#circumstances;
    const atBest = (each: PurposeOfUse, name: SensitivityClass) =>
      this.#decide(who, each, override, BEST_FACTS).#answer(sector, name).level;

    // The purposes of the role's row: those that open at least an identity.
    const row = ALL_PURPOSES.filter((each) => atBest(each, 'IDENTITY') !== 'NONE');
    if (row.length === 0) return 'POLICY';
    if (!row.includes(purpose)) return 'PURPOSE';
    const opening = row.filter((each) => reaches(atBest(each, sensitivityClass), wanted));
    if (opening.length === 0) return 'POLICY';
    return opening.includes(purpose) ? 'RELATIONSHIP' : 'PURPOSE';
  }
}

function reaches(level: Level, wanted: Level): boolean {
  return level === 'FULL' || level === wanted;
}

function remember<Key, Value>(remembered: Map<Key, Value>, key: Key, decide: () => Value): Value {
  let value = remembered.get(key);
  if (value === undefined) {
    value = decide();
    remembered.set(key, value);
  }
  return value;
}
