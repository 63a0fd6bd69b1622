import { possibleTypes } from '../federated-graph.ts';
import { keysOf } from '../key.ts';
import type { Check } from './check.ts';

/**
 * A data subject is an entity with the one key `id: ID!`. Any other key would carry what it consists of (a UPN, a
 * postcode) from the agency that holds it to the one that asks, in every representation.
 */
export const subjectKey: Check = function* (graph) {
  for (const { subgraph, type } of [...graph.definitions.values()].flat()) {
    const isSubject = graph.subjects.has(type.name);
    const standsForSubject =
      type.kind === 'interface' &&
      [...possibleTypes(graph, type.name)].some((possible) => graph.subjects.has(possible));
    if (!isSubject && !standsForSubject) continue;

    const keys = keysOf(type);
    const wrong = keys.filter((key) => key !== 'id');
    if (isSubject && keys.length === 0) wrong.push('none');
    for (const key of wrong)
      yield {
        code: 'SUBJECT_KEY_NOT_ID',
        subgraph: subgraph.name,
        coordinate: type.name,
        message: `${type.name} is a data subject: its only @key is (fields: "id"), not ${key === 'none' ? key : `"${key}"`}`,
      };
    const id = type.fields.get('id');
    if (isSubject && keys.includes('id') && id?.type !== 'ID!')
      yield {
        code: 'SUBJECT_KEY_NOT_ID',
        subgraph: subgraph.name,
        coordinate: `${type.name}.id`,
        message: `${type.name}.id must be of type ID!`,
      };
  }
};
