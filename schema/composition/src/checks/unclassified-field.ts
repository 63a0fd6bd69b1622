import { outputFields } from '../federated-graph.ts';
import { sensitivityOf } from '../sensitivity.ts';
import { applied, ROOT_TYPES } from '../subgraph.ts';
import type { Check } from './check.ts';

/** Every field has exactly one class. Root fields may have a guard instead: see unguarded-root-field.ts. */
export const unclassifiedField: Check = function* (graph) {
  for (const { subgraph, type, field, coordinate } of outputFields(graph)) {
    const stated = applied(field, 'sensitivity').length;
    if (sensitivityOf(field) !== undefined || (ROOT_TYPES.has(type.name) && stated === 0)) continue;
    yield {
      code: 'FIELD_UNCLASSIFIED',
      subgraph: subgraph.name,
      coordinate,
      message:
        stated > 1
          ? `${coordinate} states several classes; keep one @sensitivity`
          : `${coordinate} has no class: put one @sensitivity on it, or one on ${type.name} as the default`,
    };
  }
};
