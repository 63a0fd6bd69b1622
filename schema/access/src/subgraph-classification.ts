import {
  type ConstDirectiveNode,
  type DocumentNode,
  type InterfaceTypeDefinitionNode,
  type InterfaceTypeExtensionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  parse,
} from 'graphql';
import {
  type Classification,
  directiveNames,
  isMachinery,
  readSensitivity,
  sensitivityOfField,
  UnclassifiedFieldError,
} from './classification.ts';
import type { Sensitivity } from './sensitivity.ts';

/**
 * Reads `@sensitivity` from one subgraph's own SDL, where a type's class is the default for the fields that this
 * subgraph gives it, wherever in the document it stands.
 *
 * @throws UnclassifiedFieldError naming every field that has none; GraphQLError for SDL that does not parse.
 */
export function readSubgraphClassification(typeDefs: DocumentNode | string): Classification {
  const document = asDocument(typeDefs);
  const names = directiveNames(schemaDirectives(document));
  const roots = rootTypeNames(document);
  const types = typesOf(document);
  const defaults = new Map<string, Sensitivity | undefined>();
  for (const [name, nodes] of Map.groupBy(types, (type) => type.name.value)) {
    const directives = nodes.flatMap((node) => node.directives ?? []);
    defaults.set(name, readSensitivity(directives, names.sensitivity));
  }

  const classification = new Map<string, Sensitivity>();
  const unclassified: string[] = [];
  for (const type of types) {
    const typeName = type.name.value;
    const isRoot = roots.has(typeName);
    for (const field of type.fields ?? []) {
      const coordinate = `${typeName}.${field.name.value}`;
      if (isMachinery(coordinate, isRoot)) continue;
      const inherited = defaults.get(typeName);
      const sensitivity = sensitivityOfField(field.directives ?? [], names, isRoot, inherited);
      if (sensitivity === undefined) unclassified.push(coordinate);
      else classification.set(coordinate, sensitivity);
    }
  }

  if (unclassified.length > 0) throw new UnclassifiedFieldError(unclassified);
  return classification;
}

/** Names of the types that one subgraph's own SDL marks as `@subject`. */
export function readSubgraphSubjectTypes(typeDefs: DocumentNode | string): ReadonlySet<string> {
  const document = asDocument(typeDefs);
  const { subject } = directiveNames(schemaDirectives(document));
  const subjects = typesOf(document).filter((type) =>
    type.directives?.some((directive) => subject.has(directive.name.value)),
  );
  return new Set(subjects.map((type) => type.name.value));
}

type TypeWithFields =
  | ObjectTypeDefinitionNode
  | ObjectTypeExtensionNode
  | InterfaceTypeDefinitionNode
  | InterfaceTypeExtensionNode;

const WITH_FIELDS: ReadonlySet<string> = new Set([
  Kind.OBJECT_TYPE_DEFINITION,
  Kind.OBJECT_TYPE_EXTENSION,
  Kind.INTERFACE_TYPE_DEFINITION,
  Kind.INTERFACE_TYPE_EXTENSION,
]);

function typesOf(document: DocumentNode): TypeWithFields[] {
  return document.definitions.filter((node): node is TypeWithFields => WITH_FIELDS.has(node.kind));
}

function asDocument(typeDefs: DocumentNode | string): DocumentNode {
  return typeof typeDefs === 'string' ? parse(typeDefs) : typeDefs;
}

function schemaNodes(document: DocumentNode) {
  return document.definitions.filter(
    (node) => node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION,
  );
}

function schemaDirectives(document: DocumentNode): ConstDirectiveNode[] {
  return schemaNodes(document).flatMap((node) => node.directives ?? []);
}

function rootTypeNames(document: DocumentNode): ReadonlySet<string> {
  const named = schemaNodes(document).flatMap((node) =>
    (node.operationTypes ?? []).map((operation) => operation.type.name.value),
  );
  return new Set(named.length > 0 ? named : ['Query', 'Mutation', 'Subscription']);
}
