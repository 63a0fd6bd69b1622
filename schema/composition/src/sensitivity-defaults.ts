import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
} from 'graphql';

/**
 * Writes each type's `@sensitivity` onto those of its fields that have none of their own, and takes it off the type.
 * Composition would keep one subgraph's default for the whole entity (seen: all of `Child` became STATUS, health
 * included).
 *
 * A type that states two defaults gets neither, and its fields are refused as unclassified: a guess would open one.
 *
 * @param document One subgraph, in which the directive goes by its own name.
 */
export function writeSensitivityDefaults(document: DocumentNode): DocumentNode {
  const defaults = readDefaults(document);
  return {
    ...document,
    definitions: document.definitions
      .map((node) => (isObject(node) ? withDefaults(node, defaults.get(node.name.value) ?? []) : node))
      .filter((node) => !isEmptyExtension(node)),
  };
}

/** By type; the definition and all its extensions speak for the whole type. */
function readDefaults(document: DocumentNode): ReadonlyMap<string, readonly ConstDirectiveNode[]> {
  const types = Map.groupBy(document.definitions.filter(isObject), ({ name }) => name.value);
  return new Map(
    [...types].map(([name, nodes]) => [
      name,
      nodes.flatMap(({ directives = [] }) => directives).filter(isSensitivity),
    ]),
  );
}

function withDefaults<Type extends ObjectTypeDefinitionNode | ObjectTypeExtensionNode>(
  type: Type,
  defaults: readonly ConstDirectiveNode[],
): Type {
  if (defaults.length === 0) return type;
  const inherited = defaults.length === 1 ? defaults : [];
  return {
    ...type,
    directives: type.directives?.filter((directive) => !isSensitivity(directive)),
    fields: type.fields?.map((field) => classified(field, inherited)),
  };
}

function classified(
  field: FieldDefinitionNode,
  inherited: readonly ConstDirectiveNode[],
): FieldDefinitionNode {
  const directives = field.directives ?? [];
  if (directives.some(isSensitivity)) return field;
  return { ...field, directives: [...directives, ...inherited] };
}

/** What is left of `extend type Child @sensitivity(class: SPECIAL)`. */
function isEmptyExtension(node: DefinitionNode): boolean {
  if (node.kind !== Kind.OBJECT_TYPE_EXTENSION) return false;
  return [node.directives, node.fields, node.interfaces].every(
    (parts) => parts === undefined || parts.length === 0,
  );
}

function isSensitivity(directive: ConstDirectiveNode): boolean {
  return directive.name.value === 'sensitivity';
}

function isObject(node: {
  readonly kind: string;
}): node is ObjectTypeDefinitionNode | ObjectTypeExtensionNode {
  return node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION;
}
