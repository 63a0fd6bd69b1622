import { keysOf } from '../key.ts';
import { isClassified } from '../sensitivity.ts';
import { ROOT_TYPES } from '../subgraph.ts';
import type { Check } from './check.ts';

/**
 * What describes a person is known across agencies by that person alone. Any other entity goes from one agency to the
 * next under its own key, which says of whom it is to nobody: no grant names the child, and its fields would be decided as
 * the record of the agency that led there, not of the one that holds them.
 */
export const classifiedEntity: Check = function* (graph) {
  for (const [name, parts] of graph.definitions) {
    const isEntity = parts.some(({ type }) => type.kind === 'object' && keysOf(type).length > 0);
    if (parts.length < 2 || !isEntity || graph.subjects.has(name) || ROOT_TYPES.has(name)) continue;
    for (const { subgraph, type } of parts)
      for (const field of type.fields.values()) {
        if (!isClassified(field)) continue;
        yield {
          code: 'CLASSIFIED_ENTITY_SHARED',
          subgraph: subgraph.name,
          coordinate: `${name}.${field.name}`,
          message: `${name} is known to several agencies by its key, so ${name}.${field.name} must be REFERENCE; put what describes a child below a field of Child`,
        };
      }
  }
};
