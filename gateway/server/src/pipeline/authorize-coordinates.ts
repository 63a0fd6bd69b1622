import { unmetCoordinates } from '@contactpoint/access/coordinate-rules';
import type { Decision, Verdict, WithheldReason } from '@contactpoint/access/decision';
import { judge } from '@contactpoint/access/decision';
import type { Sector } from '@contactpoint/access/sector';
import type { GraphQLObjectType } from 'graphql';
import type { LoadedSupergraph } from '../supergraph.ts';
import type { SelectedCoordinate } from './operation-coordinates.ts';
import { type Readers, scopesOfBoth } from './readers.ts';
import { Verdicts } from './verdicts.ts';

/**
 * What of an operation a caller may read at best, whatever the data say: no scope, no policy or no purpose of theirs
 * leads to the rest. It is neither planned nor fetched.
 */
export interface CoordinateRefusals {
  /** Refused wherever the operation reaches them. */
  readonly refused: ReadonlySet<string>;
  /** Places refused with a reason that the caller may know. */
  readonly places: readonly { readonly path: readonly string[]; readonly reason: WithheldReason }[];
  /** What is said of a coordinate; undefined where it is for the subject's own decision. */
  verdict(subjectField: string | undefined, coordinate: string): Verdict | undefined;
  /**
   * What is said of every coordinate of a child.
   *
   * @param decision The child's; undefined where none was made, and then everything is withheld.
   */
  under(decision: Decision | undefined): Verdicts;
}

/**
 * Coordinates step.
 *
 * @param unmet From `refusedCoordinates`.
 * @param attainable Decision under the best facts there could be; undefined where no purpose was stated, and then
 *   nothing above REFERENCE is attainable.
 */
export function authorizeCoordinates(
  supergraph: LoadedSupergraph,
  selected: readonly SelectedCoordinate[],
  unmet: UnmetCoordinates,
  attainable: Decision | undefined,
): CoordinateRefusals {
  const verdicts = new Map<string, Verdict | undefined>();

  const decideOnce = (subjectField: string | undefined, coordinate: string): Verdict | undefined => {
    const missing = unmet.get(coordinate);
    if (missing !== undefined) return { released: false, reason: missing, policies: [] };
    const sensitivity = supergraph.classification.get(coordinate);
    if (sensitivity === undefined) return { released: false, reason: 'POLICY', policies: [] };
    if (sensitivity.class === 'REFERENCE') return undefined;
    if (attainable === undefined) return { released: false, reason: 'PURPOSE', policies: [] };
    const verdict = judge(attainable, sectorOf(supergraph, subjectField), sensitivity);
    return verdict.released ? undefined : verdict;
  };
  const verdict = (subjectField: string | undefined, coordinate: string): Verdict | undefined => {
    const key = `${subjectField ?? ''} ${coordinate}`;
    if (!verdicts.has(key)) verdicts.set(key, decideOnce(subjectField, coordinate));
    return verdicts.get(key);
  };

  const verdictsUnder = (decision: Decision | undefined): Verdicts =>
    new Verdicts((subjectField, coordinate) => {
      const refused = verdict(subjectField, coordinate);
      if (refused !== undefined) return refused;
      const sensitivity = supergraph.classification.get(coordinate);
      if (sensitivity === undefined || decision === undefined)
        return { released: false, reason: 'POLICY', policies: [] };
      return judge(decision, sectorOf(supergraph, subjectField), sensitivity);
    });
  const undecided = verdictsUnder(undefined);
  // Goes with the plan. A decision stays as long as its decider, so there are no more of them than circumstances.
  const decided = new WeakMap<Decision, Verdicts>();
  const under = (decision: Decision | undefined): Verdicts => {
    if (decision === undefined) return undecided;
    let verdicts = decided.get(decision);
    if (verdicts === undefined) {
      verdicts = verdictsUnder(decision);
      decided.set(decision, verdicts);
    }
    return verdicts;
  };

  const refused = new Set<string>();
  const reachable = new Set<string>();
  const places: { path: readonly string[]; reason: WithheldReason }[] = [];
  for (const { subjectField, coordinate, path, ofInterface } of selected) {
    const missing = unmet.get(coordinate);
    if (ofInterface && missing === undefined) continue;
    const said = verdict(subjectField, coordinate);
    if (said === undefined || said.released) {
      reachable.add(coordinate);
      continue;
    }
    refused.add(coordinate);
    if (said.reason !== undefined) places.push({ path, reason: said.reason });
  }
  // One type can stand under several sectors' fields; it is left out of the plan only where none of them may show it.
  for (const coordinate of reachable) refused.delete(coordinate);
  return { refused, places, verdict, under };
}

/** What is refused whatever the purpose, by coordinate, and what is missing. */
export type UnmetCoordinates = ReadonlyMap<string, 'SCOPE' | 'POLICY'>;

/**
 * Coordinates whose rules are not met by everyone who reads. Who reads for a colleague enters by the child's number
 * alone: what the colleague's searches and caseload hold, and who the colleague is, would be more than the mediator's own.
 */
export function refusedCoordinates(supergraph: LoadedSupergraph, readers: Readers): UnmetCoordinates {
  // No policy of a supergraph is decided here yet, and an undecided policy is a refusal.
  const credentials = { authenticated: true, scopes: scopesOfBoth(readers), policies: new Set<string>() };
  const unmet = unmetCoordinates(supergraph.rules, credentials);
  if (readers.mediator === undefined) return unmet;
  const query = supergraph.executor.schema.getQueryType() as GraphQLObjectType;
  const names = Object.keys(query.getFields());
  const roots = names.map((name) => `${query.name}.${name}`).filter((each) => each !== MEDIATED_DOOR);
  return new Map([...roots.map((each) => [each, 'POLICY'] as const), ...unmet]);
}

const MEDIATED_DOOR = 'Query.child';

/** Above the first subject stand the directory's doors. */
export function sectorOf(supergraph: LoadedSupergraph, subjectField: string | undefined): Sector {
  return (subjectField && supergraph.sectorOfSubjectField(subjectField)) || 'DIRECTORY';
}

/** Whether the operation shows anything of a person, and therefore needs a purpose of use. */
export function touchesSubject(
  supergraph: LoadedSupergraph,
  selected: readonly SelectedCoordinate[],
): boolean {
  return selected.some(({ coordinate }) => supergraph.classification.get(coordinate)?.class !== 'REFERENCE');
}
