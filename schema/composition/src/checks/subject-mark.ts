import { applied, ROOT_TYPES } from '../subgraph.ts';
import type { Check } from './check.ts';

/**
 * `@subject` stands on a type in all subgraphs or in none. One that leaves it out would decide the child's fields as if
 * they were nobody's; one that adds it to another agency's type would put that type behind relationships.
 */
export const subjectMark: Check = function* (graph) {
  for (const [name, parts] of graph.definitions) {
    if (!graph.subjects.has(name)) continue;
    const [owner] = parts;
    const ownerMarks = owner !== undefined && applied(owner.type, 'subject').length > 0;
    for (const { subgraph, type } of parts) {
      const marks = applied(type, 'subject').length > 0;
      if (marks && ROOT_TYPES.has(name))
        yield {
          code: 'SUBJECT_DISAGREES',
          subgraph: subgraph.name,
          coordinate: name,
          message: `${name} is nobody: take @subject off it`,
        };
      else if (marks !== ownerMarks)
        yield {
          code: 'SUBJECT_DISAGREES',
          subgraph: subgraph.name,
          coordinate: name,
          message: ownerMarks
            ? `${name} is a data subject in ${owner.subgraph.name}: mark it with @subject here too`
            : `${name} is no data subject in ${owner?.subgraph.name}: take @subject off it`,
        };
    }
  }
};
