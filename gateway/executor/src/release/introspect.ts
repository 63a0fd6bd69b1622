import type { FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { executeSync, Kind, typeFromAST } from 'graphql';
import type { FieldGroup } from '../selections/collect-fields.ts';

/**
 * `__schema`, `__type`, or a question about the schema that the caller of the executor answers itself.
 *
 * @param schema Described; it may lack what the operation uses beside its introspection.
 */
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
        {
          ...operation,
          // Questions about a schema take strings and booleans, which every schema has.
          variableDefinitions: (operation.variableDefinitions ?? []).filter(
            ({ type }) => typeFromAST(schema, type as Parameters<typeof typeFromAST>[1]) !== undefined,
          ),
          selectionSet: { kind: Kind.SELECTION_SET, selections: group.nodes },
        },
        ...fragments.values(),
      ],
    },
    variableValues: variables,
  });
  return data?.[group.responseKey] ?? null;
}
