import { outputFields } from '../federated-graph.ts';
import { hasPolicy, isScoped } from '../guard.ts';
import { applied, ROOT_TYPES } from '../subgraph.ts';
import type { Check } from './check.ts';

/** A root field says who may ask it; `@authenticated` alone, or a guard that asks for nothing, says only that somebody does. */
export const unguardedRootField: Check = function* (graph) {
  for (const { subgraph, type, field, coordinate } of outputFields(graph)) {
    if (!ROOT_TYPES.has(type.name) || applied(field, 'sensitivity').length > 0) continue;
    if (isScoped(field) || hasPolicy(field)) continue;
    yield {
      code: 'ROOT_FIELD_UNGUARDED',
      subgraph: subgraph.name,
      coordinate,
      message: `${coordinate} needs @sensitivity, @requiresScopes or @policy`,
    };
  }
};
