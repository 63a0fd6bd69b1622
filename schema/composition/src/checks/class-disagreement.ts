import type { CompositionError } from '../composition-error.ts';
import {
  type FederatedGraph,
  type FieldPart,
  fieldsOf,
  outputFields,
  possibleTypes,
} from '../federated-graph.ts';
import { describe, sensitivityOf } from '../sensitivity.ts';
import type { Check } from './check.ts';

/**
 * Subgraphs that share a field agree on its class and on `minimal`, and so do an interface and what implements it: a
 * field is decided by the coordinate that the caller asked for, whichever subgraph answers and through whatever type.
 */
export const classDisagreement: Check = function* (graph) {
  const firstByCoordinate = new Map<string, FieldPart>();
  for (const part of outputFields(graph)) {
    const first = firstByCoordinate.get(part.coordinate);
    if (first === undefined) firstByCoordinate.set(part.coordinate, part);
    else yield* disagreement(part, first);
  }
  for (const part of firstByCoordinate.values())
    if (part.type.kind === 'interface') yield* implementations(graph, part);
};

function* implementations(graph: FederatedGraph, inInterface: FieldPart): Iterable<CompositionError> {
  for (const name of possibleTypes(graph, inInterface.type.name))
    for (const part of fieldsOf(graph, name))
      if (part.field.name === inInterface.field.name) yield* disagreement(part, inInterface);
}

function* disagreement(part: FieldPart, other: FieldPart): Iterable<CompositionError> {
  const [one, two] = [sensitivityOf(part.field), sensitivityOf(other.field)];
  // A field without a class is refused for that.
  if (one === undefined || two === undefined || describe(one) === describe(two)) return;
  yield {
    code: 'CLASS_DISAGREES',
    subgraph: part.subgraph.name,
    coordinate: part.coordinate,
    message: `${part.coordinate} is ${describe(one)} here, but ${other.coordinate} is ${describe(two)} in ${other.subgraph.name}; agree on one`,
  };
}
