import {
  type DocumentNode,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * Has every object of a fetch say of which type it is, wherever its field leaves that open. Asked for here and not in the
 * operation that is planned: `{ media { id animals { id name } } }` is one fetch of Hive Router's planner, and two once the
 * operation selects `__typename` of the animals (@graphql-hive/router-query-planner 0.0.38: seen).
 *
 * @param schema The supergraph's.
 * @param unanswerable Types of which a subgraph knows no more than the interface, which it would say.
 */
export function withTypenames(
  schema: GraphQLSchema,
  document: DocumentNode,
  unanswerable: ReadonlySet<string>,
): DocumentNode {
  const definitions = document.definitions.map((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return definition;
    const root = schema.getRootType(definition.operation) ?? undefined;
    return { ...definition, selectionSet: inside({ schema, unanswerable }, root, definition.selectionSet) };
  });
  return { ...document, definitions };
}

interface Looking {
  readonly schema: GraphQLSchema;
  readonly unanswerable: ReadonlySet<string>;
}

function inside(
  looking: Looking,
  parent: GraphQLNamedType | undefined,
  set: SelectionSetNode,
): SelectionSetNode {
  const selections = set.selections.map((selection): SelectionNode => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return selection;
    if (selection.kind === Kind.FIELD) return ofField(looking, parent, selection);
    const condition = selection.typeCondition?.name.value;
    const type = condition === undefined ? parent : looking.schema.getType(condition);
    return { ...selection, selectionSet: inside(looking, type, selection.selectionSet) };
  });
  return { ...set, selections };
}

function ofField(looking: Looking, parent: GraphQLNamedType | undefined, field: FieldNode): FieldNode {
  if (field.selectionSet === undefined) return field;
  const definition =
    isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[field.name.value] : undefined;
  const type = definition && getNamedType(definition.type);
  const selectionSet = inside(looking, type, field.selectionSet);
  const isOpen = isAbstractType(type) && !looking.unanswerable.has(type.name);
  if (!isOpen || selectionSet.selections.some(isTypename)) return { ...field, selectionSet };
  return { ...field, selectionSet: { ...selectionSet, selections: [TYPENAME, ...selectionSet.selections] } };
}

function isTypename(selection: SelectionNode): boolean {
  if (selection.kind !== Kind.FIELD || selection.alias !== undefined) return false;
  return selection.name.value === TYPENAME.name.value && !selection.directives?.length;
}

export const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };
