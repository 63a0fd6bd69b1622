import type { PolicySet } from '../policy-set.ts';
import type { Sector } from '../sector.ts';
import type { SensitivityClass } from '../sensitivity.ts';
import { type HypothesisSet, membersOf, NO_HYPOTHESIS, possibleHypotheses } from './hypothesis.ts';
import { type Asker, createPlaceOutcomes, type PlaceOutcome } from './place-outcomes.ts';
import type { Place, ReplaySchema } from './places.ts';

/** What an event says of one child. */
export interface LoggedDecision extends Asker {
  readonly override: boolean;
  /** Somebody read on the asker's behalf, and the lesser of both decisions counted. */
  readonly mediated: boolean;
  /** Schema coordinates, `Child.conditions`. */
  readonly released: readonly string[];
  readonly withheld: readonly string[];
  /** Ids of the determining policies; undefined where another set than OLD decided. */
  readonly policies: readonly string[] | undefined;
}

/** A coordinate of which NEW makes something else, in a place where it was asked for, than OLD did. */
export interface DecisionChange {
  readonly coordinate: string;
  readonly class: SensitivityClass;
  /** Whose record it is; several where the coordinate stands in several places that change. */
  readonly sectors: readonly Sector[];
  readonly effect: 'OPENS' | 'CLOSES';
  /** WOULD: whatever held of the child that the event is consistent with. COULD: for some of it. */
  readonly certainty: 'WOULD' | 'COULD';
  /** Ids of the determining policies of the places that change, in the first case in which they do. */
  readonly oldPolicies: readonly string[];
  readonly newPolicies: readonly string[];
}

export interface ReplayedDecision {
  readonly changes: readonly DecisionChange[];
  /** False where OLD could not have decided so, whatever held: then OLD and NEW are compared for all that may have held. */
  readonly explained: boolean;
  /** Coordinates that the supergraph does not have, and which therefore were not compared. */
  readonly unknown: readonly string[];
}

export type Replay = (decision: LoggedDecision) => ReplayedDecision;

/**
 * Compares what was decided with what NEW would have decided. Events hold no facts on purpose, so first everything is
 * found that may have held of the child: relationship, shield and own record under which OLD releases and withholds just
 * what the event says, by the policies that it names.
 */
export function createReplay(schema: ReplaySchema, oldSet: PolicySet, newSet: PolicySet): Replay {
  const oldOutcome = createPlaceOutcomes(oldSet, schema);
  const newOutcome = createPlaceOutcomes(newSet, schema);

  function compare(decision: LoggedDecision): ReplayedDecision {
    const possible = possibleHypotheses(decision.override);
    const { entries, unknown } = comparedEntries(schema, decision, (place) => ({
      place,
      old: oldOutcome(decision, place, possible),
      new: newOutcome(decision, place, possible),
    }));
    const consistent = consistentHypotheses(decision, entries, possible);
    const explained = consistent !== NO_HYPOTHESIS;
    const changes = entries.flatMap(
      (entry) =>
        (explained ? changeOf(entry, decision, consistent) : possibleChangeOf(entry, possible)) ?? [],
    );
    return { changes, explained, unknown };
  }

  const remembered = new Map<string, ReplayedDecision>();
  return (decision) => {
    const key = JSON.stringify(decision);
    let replayed = remembered.get(key);
    if (replayed === undefined) {
      replayed = compare(decision);
      if (remembered.size >= REMEMBERED) remembered.clear();
      remembered.set(key, replayed);
    }
    return replayed;
  };
}

/**
 * Decisions remembered, at some 4 kB each. Stored operations repeat, and so do their decisions: comparing one of
 * a joined view takes 0.14 ms, knowing it again 0.01 ms.
 */
const REMEMBERED = 2_000;

/** A place before and after. */
interface Compared {
  readonly place: Place;
  readonly old: PlaceOutcome;
  readonly new: PlaceOutcome;
}

/** A coordinate as one of the event's two lists has it, and the places where it may have been asked for. */
interface Entry {
  readonly released: boolean;
  readonly places: readonly Compared[];
}

/** A coordinate that stands in both lists was released in one place and withheld in another, and is two entries. */
function comparedEntries(
  { places }: ReplaySchema,
  { released, withheld }: LoggedDecision,
  compare: (place: Place) => Compared,
): { entries: readonly Entry[]; unknown: readonly string[] } {
  const lists = [
    { coordinates: new Set(released), released: true },
    { coordinates: new Set(withheld), released: false },
  ];
  const recorded = new Set([...released, ...withheld]);
  const entries: Entry[] = [];
  const unknown: string[] = [];
  for (const coordinate of recorded) {
    const all = places.get(coordinate) ?? [];
    // Whoever asks for something below a subject's field asks for the field too.
    const asked = all.filter(({ subjectField }) => recorded.has(subjectField));
    if (asked.length === 0) unknown.push(coordinate);
    const compared = asked.map(compare);
    for (const list of asked.length === 0 ? [] : lists)
      if (list.coordinates.has(coordinate)) entries.push({ released: list.released, places: compared });
  }
  return { entries, unknown };
}

/**
 * Hypotheses that explain the event. The policies that it names tell more than its coordinates, a shield from a missing
 * relationship say; where the two do not go together, as under another version of the supergraph, coordinates count.
 */
function consistentHypotheses(
  decision: LoggedDecision,
  entries: readonly Entry[],
  possible: HypothesisSet,
): HypothesisSet {
  const byCoordinates = entries.reduce((set, entry) => set & explains(entry, decision.mediated), possible);
  const { policies, mediated } = decision;
  if (policies === undefined || mediated) return byCoordinates;
  const recorded = new Set(policies);
  const byPolicies = membersOf(byCoordinates)
    .filter((index) => namesPolicies(entries, recorded, index))
    .reduce((set, index) => set | (1 << index), NO_HYPOTHESIS);
  return byPolicies === NO_HYPOTHESIS ? byCoordinates : byPolicies;
}

/**
 * A coordinate is on record as released if it was so in any place where it was asked for, as withheld if it was so in
 * any, and which of the places those were is not on record: one open place explains a release, one closed place a
 * refusal.
 */
function explains({ released, places }: Entry, mediated: boolean): HypothesisSet {
  if (released) return union(places, ({ old }) => old.open);
  // What is withheld from a mediated caller, the mediator may not have been allowed.
  return mediated ? ~NO_HYPOTHESIS : union(places, ({ old }) => ~old.open);
}

/** Policies of a place that was surely asked for are all named; policies of no place that may have been, are not. */
function namesPolicies(entries: readonly Entry[], recorded: ReadonlySet<string>, index: number): boolean {
  const perhaps = new Set<string>();
  for (const { places } of entries) {
    for (const { old } of places) {
      for (const id of old.policies(index)) {
        if (places.length === 1 && !recorded.has(id)) return false;
        perhaps.add(id);
      }
    }
  }
  return recorded.isSubsetOf(perhaps);
}

function changeOf(
  { released, places }: Entry,
  { mediated }: LoggedDecision,
  consistent: HypothesisSet,
): DecisionChange | undefined {
  // Released: it was asked for in a place that OLD opens. Withheld: in one that OLD does not open. Sure is what changes
  // in whichever of them it was.
  const sure = ~union(places, (place) =>
    released ? place.old.open & place.new.open : ~place.old.open & ~place.new.open,
  );
  const perhaps = union(places, (place) => changed(place, released)) & consistent;
  if (perhaps === NO_HYPOTHESIS) return undefined;
  const always = (consistent & sure & perhaps) === consistent && !(mediated && !released);
  return describe(places, released, perhaps, always ? 'WOULD' : 'COULD');
}

/** The change of a decision that OLD does not explain: what was recorded proves nothing of what held. */
function possibleChangeOf({ released, places }: Entry, possible: HypothesisSet): DecisionChange | undefined {
  const perhaps = union(places, (place) => changed(place, released)) & possible;
  return perhaps === NO_HYPOTHESIS ? undefined : describe(places, released, perhaps, 'COULD');
}

/** Hypotheses under which the place goes from the recorded outcome to the other one. */
function changed(place: Compared, released: boolean): HypothesisSet {
  return released ? place.old.open & ~place.new.open : ~place.old.open & place.new.open;
}

function describe(
  places: readonly Compared[],
  released: boolean,
  perhaps: HypothesisSet,
  certainty: DecisionChange['certainty'],
): DecisionChange {
  const [first = 0] = membersOf(perhaps);
  const changing = places.filter((place) => (changed(place, released) & perhaps) !== NO_HYPOTHESIS);
  const inFirst = changing.filter((place) => (changed(place, released) >> first) & 1);
  const [{ coordinate, doors }] = [(changing[0] as Compared).place];
  return {
    coordinate,
    class: (doors.at(-1) as (typeof doors)[number]).sensitivity.class,
    sectors: distinct(changing.map(({ place }) => place.sector)),
    effect: released ? 'CLOSES' : 'OPENS',
    certainty,
    oldPolicies: distinct(inFirst.flatMap(({ old }) => old.policies(first))),
    newPolicies: distinct(inFirst.flatMap((place) => place.new.policies(first))),
  };
}

function union(places: readonly Compared[], of: (place: Compared) => HypothesisSet): HypothesisSet {
  return places.reduce((set, place) => set | of(place), NO_HYPOTHESIS);
}

function distinct<Text extends string>(texts: readonly Text[]): Text[] {
  return [...new Set(texts)].sort();
}
