import {
  buildASTSchema,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  Kind,
  type NamedTypeNode,
  parse,
  printSchema,
  specifiedScalarTypes,
  visit,
} from 'graphql';

/**
 * The part of a schema that some of its fields make up: those fields, and the types, inputs and enums that they lead to.
 * A field whose type would be left without any field goes as well, since nothing could be selected of it.
 *
 * @param fields Coordinates, of interfaces too.
 */
export function schemaOfFields(schema: GraphQLSchema, fields: ReadonlySet<string>): GraphQLSchema {
  let document = withFields(parse(printSchema(schema), { noLocation: true }), fields);
  for (;;) {
    const empty = emptyTypes(document);
    if (empty.size === 0) break;
    document = withoutTypes(document, empty);
  }
  const reached = reachedTypes(document, schema);
  const definitions = document.definitions.filter((definition) => {
    const name = nameOf(definition);
    return name === undefined || definition.kind === Kind.DIRECTIVE_DEFINITION || reached.has(name);
  });
  return buildASTSchema({ ...document, definitions }, { assumeValid: true });
}

function withFields(document: DocumentNode, fields: ReadonlySet<string>): DocumentNode {
  const keep = <Type extends { readonly name: { readonly value: string } }>(
    type: string,
    all: readonly Type[] | undefined,
  ) => (all ?? []).filter(({ name }) => fields.has(`${type}.${name.value}`));
  return visit(document, {
    ObjectTypeDefinition: (node) => ({ ...node, fields: keep(node.name.value, node.fields) }),
    InterfaceTypeDefinition: (node) => ({ ...node, fields: keep(node.name.value, node.fields) }),
  });
}

function emptyTypes({ definitions }: DocumentNode): ReadonlySet<string> {
  const empty = definitions.filter((definition) => {
    if (definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION)
      return (definition.fields ?? []).length === 0;
    return definition.kind === Kind.UNION_TYPE_DEFINITION && (definition.types ?? []).length === 0;
  });
  return new Set(empty.flatMap((definition) => nameOf(definition) ?? []));
}

function withoutTypes(document: DocumentNode, gone: ReadonlySet<string>): DocumentNode {
  const isThere = ({ name }: NamedTypeNode) => !gone.has(name.value);
  return visit(document, {
    enter(node) {
      const leaves =
        (node.kind === Kind.OBJECT_TYPE_DEFINITION ||
          node.kind === Kind.INTERFACE_TYPE_DEFINITION ||
          node.kind === Kind.UNION_TYPE_DEFINITION) &&
        gone.has(node.name.value);
      if (leaves || (node.kind === Kind.OPERATION_TYPE_DEFINITION && !isThere(node.type))) return null;
      if (node.kind === Kind.FIELD_DEFINITION) return namedTypes(node).every(isThere) ? undefined : null;
      return undefined;
    },
    leave(node) {
      if (node.kind === Kind.UNION_TYPE_DEFINITION)
        return { ...node, types: (node.types ?? []).filter(isThere) };
      if (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION)
        return { ...node, interfaces: (node.interfaces ?? []).filter(isThere) };
      return undefined;
    },
  });
}

function reachedTypes(document: DocumentNode, schema: GraphQLSchema): ReadonlySet<string> {
  const byName = new Map<string, DefinitionNode>();
  const implementers = new Map<string, string[]>();
  for (const definition of document.definitions) {
    const name = nameOf(definition);
    if (name === undefined || definition.kind === Kind.DIRECTIVE_DEFINITION) continue;
    byName.set(name, definition);
    const interfaces = 'interfaces' in definition ? (definition.interfaces ?? []) : [];
    for (const each of interfaces) {
      const known = implementers.get(each.name.value) ?? [];
      implementers.set(each.name.value, [...known, name]);
    }
  }
  const reached = new Set<string>();
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const waiting = roots.flatMap((root) => root?.name ?? []);
  // Directives that clients may use name types as well.
  for (const definition of document.definitions)
    if (definition.kind === Kind.DIRECTIVE_DEFINITION)
      waiting.push(...namedTypes(definition).map(({ name }) => name.value));
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const definition = byName.get(name);
    if (reached.has(name) || definition === undefined) continue;
    reached.add(name);
    waiting.push(...namedTypes(definition).map((type) => type.name.value), ...(implementers.get(name) ?? []));
  }
  return reached;
}

function namedTypes(node: DefinitionNode | FieldDefinitionNode): NamedTypeNode[] {
  const types: NamedTypeNode[] = [];
  visit(node, {
    NamedType(type) {
      const isSpecified = specifiedScalarTypes.some(({ name }) => name === type.name.value);
      if (!isSpecified) types.push(type);
    },
  });
  return types;
}

function nameOf(definition: DefinitionNode): string | undefined {
  return 'name' in definition ? definition.name?.value : undefined;
}
