import { outputFields } from '../federated-graph.ts';
import { applied, ROOT_TYPES } from '../subgraph.ts';
import type { Check } from './check.ts';

const GUARDS = ['sensitivity', 'requiresScopes', 'policy'] as const;

/** A root field says who may ask it; `@authenticated` alone says only that somebody does. */
export const unguardedRootField: Check = function* (graph) {
  for (const { subgraph, type, field, coordinate } of outputFields(graph)) {
    if (!ROOT_TYPES.has(type.name) || GUARDS.some((guard) => applied(field, guard).length > 0)) continue;
    yield {
      code: 'ROOT_FIELD_UNGUARDED',
      subgraph: subgraph.name,
      coordinate,
      message: `${coordinate} needs @sensitivity, @requiresScopes or @policy`,
    };
  }
};
