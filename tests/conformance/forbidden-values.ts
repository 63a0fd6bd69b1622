import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLOutputType,
  type GraphQLSchema,
  getOperationAST,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';

/**
 * Paths at which a response holds what its schema and operation forbid: wrong types, nulls where none may be, keys that
 * nobody selected. Read from the specification and from nothing of the executor.
 *
 * @see https://spec.graphql.org/October2021/#sec-Value-Completion
 */
export function forbiddenValues(schema: GraphQLSchema, document: DocumentNode, data: unknown): string[] {
  const operation = getOperationAST(document);
  const root = operation && schema.getRootType(operation.operation);
  if (!operation || !root) throw new Error('No operation');
  if (data === null) return [];
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  return inValue({ schema, fragments }, root, [operation.selectionSet], data, '');
}

interface Looking {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

function inValue(
  looking: Looking,
  type: GraphQLOutputType,
  sets: readonly SelectionSetNode[],
  value: unknown,
  path: string,
): string[] {
  if (isNonNullType(type)) return value === null ? [path] : inValue(looking, type.ofType, sets, value, path);
  if (value === null) return [];
  if (isListType(type)) {
    if (!Array.isArray(value)) return [path];
    return value.flatMap((item, index) => inValue(looking, type.ofType, sets, item, `${path}.${index}`));
  }
  if (isLeafType(type)) {
    if (isEnumType(type)) return type.getValue(String(value)) === undefined ? [path] : [];
    return isScalar(type.name, value) ? [] : [path];
  }
  if (typeof value !== 'object' || Array.isArray(value)) return [path];
  const possible = isAbstractType(type) ? looking.schema.getPossibleTypes(type) : [type];
  // Where the response does not say which type it is, it must be right for one of them.
  const found = possible.map(({ name }) =>
    inObject(looking, name, sets, value as Record<string, unknown>, path),
  );
  return found.find((paths) => paths.length === 0) ?? found[0] ?? [path];
}

function inObject(
  looking: Looking,
  typeName: string,
  sets: readonly SelectionSetNode[],
  value: Record<string, unknown>,
  path: string,
): string[] {
  const type = looking.schema.getType(typeName);
  if (!isObjectType(type)) return [path];
  const selected = new Map<string, { name: string; sets: SelectionSetNode[] }>();
  for (const set of sets) collect(looking, typeName, set, selected);
  return Object.keys(value).flatMap((key) => {
    const field = selected.get(key);
    const below = `${path}.${key}`;
    if (field === undefined) return [below];
    if (field.name === '__typename') return value[key] === typeName ? [] : [below];
    const declared = type.getFields()[field.name];
    return declared === undefined ? [below] : inValue(looking, declared.type, field.sets, value[key], below);
  });
}

function collect(
  looking: Looking,
  typeName: string,
  set: SelectionSetNode,
  selected: Map<string, { name: string; sets: SelectionSetNode[] }>,
): void {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      const key = (selection.alias ?? selection.name).value;
      const field = selected.get(key) ?? { name: selection.name.value, sets: [] };
      if (selection.selectionSet !== undefined) field.sets.push(selection.selectionSet);
      selected.set(key, field);
      continue;
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : looking.fragments.get(selection.name.value);
    if (fragment === undefined) continue;
    const condition = looking.schema.getType(fragment.typeCondition?.name.value ?? typeName);
    const type = looking.schema.getType(typeName);
    const applies =
      condition === type ||
      (isAbstractType(condition) && isObjectType(type) && looking.schema.isSubType(condition, type));
    if (applies) collect(looking, typeName, fragment.selectionSet, selected);
  }
}

function isScalar(name: string, value: unknown): boolean {
  switch (name) {
    case 'Int':
      return Number.isInteger(value) && Math.abs(Number(value)) <= 2 ** 31;
    case 'Float':
      return Number.isFinite(value);
    case 'Boolean':
      return typeof value === 'boolean';
    default:
      return typeof value === 'string';
  }
}
