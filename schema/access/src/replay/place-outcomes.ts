import { unmetCoordinates } from '../coordinate-rules.ts';
import { answerLevel, type LevelAnswer } from '../decide.ts';
import type { PolicySet } from '../policy-set.ts';
import type { PurposeOfUse } from '../purpose.ts';
import { ROLE_SECTORS, type Role } from '../role.ts';
import { scopesOf } from '../scope.ts';
import { isGranted } from '../sensitivity.ts';
import { bestHypothesis, HYPOTHESES, type HypothesisSet, membersOf, NO_HYPOTHESIS } from './hypothesis.ts';
import type { Place, PlaceDoor, ReplaySchema } from './places.ts';

/** Who asked and what for, as events say it. */
export interface Asker {
  readonly role: Role;
  readonly purpose: PurposeOfUse;
}

/** What one policy set makes of a place, for one asker. */
export interface PlaceOutcome {
  /** Hypotheses under which the place is released, of those that were asked about. */
  readonly open: HypothesisSet;
  /** Ids of the determining policies under `HYPOTHESES[index]`, as an event records them. */
  policies(index: number): readonly string[];
}

export type PlaceOutcomes = (asker: Asker, place: Place, possible: HypothesisSet) => PlaceOutcome;

/**
 * Decides places under every possible hypothesis at once, the way the gateway decides them under one: a place is released
 * if all its doors are. Remembered: askers and places are few, however long a log is.
 */
export function createPlaceOutcomes(policySet: PolicySet, schema: ReplaySchema): PlaceOutcomes {
  const outcomes = new Map<string, Map<Place, PlaceOutcome>>();
  const answers = new Map<string, LevelAnswer>();

  function answer({ role, purpose }: Asker, { sector, sensitivity }: PlaceDoor, index: number): LevelAnswer {
    const { facts, override } = HYPOTHESES[index] as (typeof HYPOTHESES)[number];
    const key = `${role} ${purpose} ${index} ${sector} ${sensitivity.class}`;
    const known = answers.get(key);
    if (known !== undefined) return known;
    const who = { role, sector: ROLE_SECTORS[role] };
    const sensitivityClass = sensitivity.class;
    const found = answerLevel(policySet, { who, purpose, override, facts, sector, sensitivityClass });
    answers.set(key, found);
    return found;
  }

  function judgeDoor(asker: Asker, door: PlaceDoor, index: number): DoorVerdict {
    const { coordinate, sensitivity } = door;
    const credentials = { authenticated: true, scopes: scopesOf(asker.role), policies: new Set<string>() };
    if (unmetCoordinates(schema.rules, credentials).has(coordinate)) return { released: false, policies: [] };
    if (sensitivity.class === 'REFERENCE') return { released: true, policies: [] };
    const judge = (under: number): DoorVerdict => {
      const { level, policies } = answer(asker, door, under);
      const released = level !== 'NONE' && isGranted({ [sensitivity.class]: level }, sensitivity);
      return { released, policies };
    };
    // What no child could open is refused before it is known whose it is, and that is what the event names then.
    const best = judge(bestHypothesis(index));
    return best.released ? judge(index) : best;
  }

  function decidePlace(asker: Asker, place: Place, possible: HypothesisSet): PlaceOutcome {
    let open = NO_HYPOTHESIS;
    const policies: string[][] = [];
    for (const index of membersOf(possible)) {
      const verdicts = place.doors.map((door) => judgeDoor(asker, door, index));
      if (verdicts.every(({ released }) => released)) open |= 1 << index;
      policies[index] = [...new Set(verdicts.flatMap((verdict) => verdict.policies))];
    }
    return { open, policies: (index) => policies[index] ?? [] };
  }

  return (asker, place, possible) => {
    const key = `${asker.role} ${asker.purpose} ${possible}`;
    const known = outcomes.get(key) ?? new Map<Place, PlaceOutcome>();
    outcomes.set(key, known);
    let outcome = known.get(place);
    if (outcome === undefined) {
      outcome = decidePlace(asker, place, possible);
      known.set(place, outcome);
    }
    return outcome;
  };
}

interface DoorVerdict {
  readonly released: boolean;
  readonly policies: readonly string[];
}
