import type { FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { executeSync, Kind } from 'graphql';
import type { FieldGroup } from './collect-fields.ts';

/** `__schema` or `__type`, answered from the API schema, which is all that clients may know. */
export function introspect(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  variables: Readonly<Record<string, unknown>>,
  group: FieldGroup,
): unknown {
  const { data } = executeSync({
    schema,
    document: {
      kind: Kind.DOCUMENT,
      definitions: [
        { ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections: group.nodes } },
        ...fragments.values(),
      ],
    },
    variableValues: variables,
  });
  return data?.[group.responseKey] ?? null;
}
