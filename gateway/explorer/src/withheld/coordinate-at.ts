import {
  type FieldNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';

/**
 * Finds the field that stands at a path of an answer, `Child.conditions`, through aliases and fragments.
 *
 * @returns undefined where the schema does not show it, or more than one type could stand there.
 */
export function createCoordinateAt(
  schema: GraphQLSchema,
  query: string,
  operationName: string | undefined,
): (path: readonly (string | number)[]) => string | undefined {
  const document = parsed(query);
  const operation = document && getOperationAST(document, operationName);
  if (document === undefined || operation == null) return () => undefined;

  const fieldsOf = (
    set: SelectionSetNode,
    parent: GraphQLNamedType,
    key: string,
  ): [FieldNode, GraphQLNamedType][] =>
    set.selections.flatMap((selection): [FieldNode, GraphQLNamedType][] => {
      if (selection.kind === Kind.FIELD)
        return (selection.alias ?? selection.name).value === key ? [[selection, parent]] : [];
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT
          ? selection
          : document.definitions.find(
              (each) => each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === selection.name.value,
            );
      if (fragment === undefined || !('selectionSet' in fragment)) return [];
      const condition = 'typeCondition' in fragment ? fragment.typeCondition?.name.value : undefined;
      const type = condition === undefined ? parent : schema.getType(condition);
      return type === undefined ? [] : fieldsOf(fragment.selectionSet, type, key);
    });

  return (path) => {
    let type: GraphQLNamedType | undefined = schema.getRootType(operation.operation) ?? undefined;
    let sets: readonly SelectionSetNode[] = [operation.selectionSet];
    let coordinate: string | undefined;
    for (const key of path) {
      if (typeof key === 'number') continue;
      const parent: GraphQLNamedType | undefined = type;
      if (parent === undefined) return undefined;
      const found: readonly [FieldNode, GraphQLNamedType][] = sets.flatMap((set) =>
        fieldsOf(set, parent, key),
      );
      const [first] = found;
      if (first === undefined) return undefined;
      const [field, on] = first;
      const definition: GraphQLField<unknown, unknown> | undefined =
        isObjectType(on) || isInterfaceType(on) ? on.getFields()[field.name.value] : undefined;
      if (definition === undefined) return undefined;
      coordinate = `${on.name}.${field.name.value}`;
      type = getNamedType(definition.type);
      sets = found.flatMap(([each]) => each.selectionSet ?? []);
    }
    return coordinate;
  };
}

function parsed(query: string) {
  try {
    return parse(query, { noLocation: true });
  } catch {
    return undefined;
  }
}
