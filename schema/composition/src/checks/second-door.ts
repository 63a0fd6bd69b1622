import { leadingToSubject, outputFields } from '../federated-graph.ts';
import type { Check } from './check.ts';

/**
 * No field outside the directory leads to a child: not of type Child, nor of an interface or union that may be one,
 * nor of a wrapper from which one is reached (the directory's `CaseloadConnection`, `Query` itself). The directory
 * alone knows relationships and shields; a second door would not ask.
 */
export const secondDoor: Check = function* (graph) {
  const leading = leadingToSubject(graph);
  for (const { subgraph, field, coordinate } of outputFields(graph)) {
    if (subgraph.name === graph.directory || !leading.has(field.namedType)) continue;
    yield {
      code: 'CHILD_OUTSIDE_DIRECTORY',
      subgraph: subgraph.name,
      coordinate,
      message: graph.subjects.has(field.namedType)
        ? `${coordinate} is of type ${field.namedType}: only ${graph.directory} leads to a data subject; add fields to ${field.namedType} instead`
        : `${coordinate} leads to a data subject through ${field.namedType}: only ${graph.directory} may`,
    };
  }
};
