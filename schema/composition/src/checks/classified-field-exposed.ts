import type { CompositionError } from '../composition-error.ts';
import {
  type FederatedGraph,
  type FieldPart,
  fieldsOf,
  leadingToSubject,
  outputFields,
  possibleTypes,
} from '../federated-graph.ts';
import { isScoped } from '../guard.ts';
import { describe, sensitivityOf } from '../sensitivity.ts';
import { ROOT_TYPES } from '../subgraph.ts';
import type { Check } from './check.ts';

/**
 * What is above REFERENCE is reached only through a data subject, for whom it is decided, or behind `@requiresScopes`.
 * On the way through one of the directory's doors IDENTITY is taken for granted: a candidate's score, a page's cursor.
 */
export const classifiedFieldExposed: Check = function* (graph) {
  const leading = leadingToSubject(graph);
  const exposed = new Map<FieldPart['coordinate'], CompositionError>();
  for (const root of outputFields(graph)) {
    if (!ROOT_TYPES.has(root.type.name) || isScoped(root.field)) continue;
    const isDoor = root.subgraph.name === graph.directory && leading.has(root.field.namedType);
    for (const part of [root, ...reachedFrom(graph, root)]) {
      const sensitivity = sensitivityOf(part.field);
      if (sensitivity === undefined || sensitivity.class === 'REFERENCE') continue;
      if (isDoor && sensitivity.class === 'IDENTITY') continue;
      exposed.set(part.coordinate, {
        code: 'CLASSIFIED_FIELD_EXPOSED',
        subgraph: part.subgraph.name,
        coordinate: part.coordinate,
        message: `${part.coordinate} is ${describe(sensitivity)} and can be asked for from ${root.coordinate} for no child in particular; reach it through a data subject, guard it with @requiresScopes, or class it REFERENCE if it describes no person`,
      });
    }
  }
  yield* exposed.values();
};

/** Fields below a root field, down to the next subject or scope. */
function reachedFrom(graph: FederatedGraph, root: FieldPart): FieldPart[] {
  const reached: FieldPart[] = [];
  const seen = new Set<string>();
  const types = [root.field.namedType];
  for (let name = types.pop(); name !== undefined; name = types.pop()) {
    if (seen.has(name) || graph.subjects.has(name)) continue;
    seen.add(name);
    types.push(...possibleTypes(graph, name));
    for (const part of fieldsOf(graph, name)) {
      if (
        part.type.kind === 'input' ||
        part.type.kind === 'enum' ||
        isScoped(part.type) ||
        isScoped(part.field)
      )
        continue;
      reached.push(part);
      types.push(part.field.namedType);
    }
  }
  return reached;
}
