import { type FieldPart, outputFields } from '../federated-graph.ts';
import { isClassified, sensitivityOf } from '../sensitivity.ts';
import type { Check } from './check.ts';

/**
 * A classified field is nullable: withheld, a non-null one would take its siblings with it. REFERENCE is never
 * withheld for a child, and `id` and a page's bookkeeping are told with the object they stand on.
 */
export const nonNullClassifiedField: Check = function* (graph) {
  for (const part of outputFields(graph)) {
    const { subgraph, field, coordinate } = part;
    if (!field.type.endsWith('!') || sensitivityOf(field) === undefined || !isClassified(field)) continue;
    if ((field.name === 'id' && field.type === 'ID!') || isBookkeeping(part)) continue;
    yield {
      code: 'CLASSIFIED_FIELD_NOT_NULLABLE',
      subgraph: subgraph.name,
      coordinate,
      message: `${coordinate} may be withheld, so its type must be ${field.type.slice(0, -1)}, not ${field.type}`,
    };
  }
};

/** Fields of Relay's cursor connections. https://relay.dev/graphql/connections.htm */
const BOOKKEEPING: Readonly<Record<string, string>> = {
  cursor: 'String!',
  startCursor: 'String!',
  endCursor: 'String!',
  hasNextPage: 'Boolean!',
  hasPreviousPage: 'Boolean!',
  pageInfo: 'PageInfo!',
};

/** Only on a page: `Child.hasNextPage` is a field like any other. */
function isBookkeeping({ type, field }: FieldPart): boolean {
  return /(Connection|Edge|PageInfo)$/.test(type.name) && BOOKKEEPING[field.name] === field.type;
}
