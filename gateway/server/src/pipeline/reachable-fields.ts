import { type Decision, judge } from '@contactpoint/access/decision';
import { maySearch, SEARCH } from '@contactpoint/access/doors';
import type { Sector } from '@contactpoint/access/sector';
import {
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isObjectType,
} from 'graphql';
import type { LoadedSupergraph } from '../supergraph.ts';
import type { UnmetCoordinates } from './authorize-coordinates.ts';
import type { Readers } from './readers.ts';

/** Coordinates, `Child.conditions`, each with the sectors through whose record it is reached. */
export type ReachableFields = ReadonlyMap<string, ReadonlySet<Sector>>;

/**
 * Coordinates that can be reached by fields which one decision opens: what stands below a field that is refused is not.
 *
 * @param refused From `refusedCoordinates` of the same readers.
 * @param decision Undefined where no purpose is stated; then nothing above REFERENCE is reached.
 */
export function reachableFields(
  supergraph: LoadedSupergraph,
  { principal }: Readers,
  refused: UnmetCoordinates,
  decision: Decision | undefined,
): ReachableFields {
  const { classification, subjectTypes } = supergraph;
  const { schema } = supergraph.executor;
  const reached = new Map<string, Set<Sector>>();
  const walked = new Set<string>();

  const walk = (parent: GraphQLNamedType, sector: Sector): void => {
    if (walked.has(`${parent.name} ${sector}`)) return;
    walked.add(`${parent.name} ${sector}`);
    for (const type of typesBehind(schema, parent)) {
      if (!isObjectType(type)) continue;
      for (const field of Object.values(type.getFields())) {
        const coordinate = `${type.name}.${field.name}`;
        const through = subjectTypes.has(type.name)
          ? (supergraph.sectorOfSubjectField(coordinate) ?? 'DIRECTORY')
          : sector;
        const sensitivity = classification.get(coordinate);
        if (sensitivity === undefined || refused.has(coordinate)) continue;
        if (coordinate === SEARCH && !maySearch(principal.role)) continue;
        const isOpen =
          sensitivity.class === 'REFERENCE' ||
          (decision !== undefined && judge(decision, through, sensitivity).released);
        if (!isOpen) continue;
        const sectors = reached.get(coordinate) ?? new Set();
        reached.set(coordinate, sectors.add(through));
        const returned = getNamedType(field.type);
        if (isCompositeType(returned)) walk(returned, through);
      }
    }
  };
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()])
    if (root != null) walk(root, 'DIRECTORY');
  return reached;
}

function typesBehind(schema: GraphQLSchema, type: GraphQLNamedType): readonly GraphQLNamedType[] {
  return isObjectType(type) || !isCompositeType(type) ? [type] : schema.getPossibleTypes(type);
}
