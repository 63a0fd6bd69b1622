import {
  type ConstDirectiveNode,
  type DocumentNode,
  type InputValueDefinitionNode,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  print,
  type TypeDefinitionNode,
  type TypeExtensionNode,
  type TypeNode,
} from 'graphql';
import { type Link, specifiedDirective } from './link.ts';

/** One subgraph as the checks read it: extensions merged into their types, directives and root types under their own names. */
export interface Subgraph {
  readonly name: string;
  readonly types: ReadonlyMap<string, TypeDefinition>;
}

/** One that an agency published, not one read out of a supergraph. */
export interface PublishedSubgraph extends Subgraph {
  /** URL at which it answers. */
  readonly url: string;
  /** What is composed. */
  readonly document: DocumentNode;
}

export type TypeKind = 'scalar' | 'object' | 'interface' | 'union' | 'enum' | 'input';

export interface TypeDefinition {
  readonly name: string;
  readonly kind: TypeKind;
  readonly directives: readonly AppliedDirective[];
  /** Of objects, interfaces and inputs; values of enums are fields without a type. */
  readonly fields: ReadonlyMap<string, FieldDefinition>;
  /** Interfaces that an object or interface implements. */
  readonly interfaces: readonly string[];
  /** Types of a union. */
  readonly members: readonly string[];
}

export interface FieldDefinition {
  readonly name: string;
  /** As printed, `[Address!]`; empty for the value of an enum. */
  readonly type: string;
  /** Without list and non-null: `Address`. */
  readonly namedType: string;
  readonly arguments: readonly ArgumentDefinition[];
  readonly directives: readonly AppliedDirective[];
  /** Default of an input field, as printed. */
  readonly defaultValue: string | undefined;
}

export interface ArgumentDefinition {
  readonly name: string;
  readonly type: string;
  readonly namedType: string;
  readonly directives: readonly AppliedDirective[];
  readonly defaultValue: string | undefined;
}

export interface AppliedDirective {
  /** The specification's own name, whatever the subgraph calls it; the name as it stands for others. */
  readonly name: string;
  /** False for a directive that only happens to be called like one of federation's or the domain's. */
  readonly specified: boolean;
  readonly node: ConstDirectiveNode;
}

export const ROOT_TYPES: ReadonlySet<string> = new Set(['Query', 'Mutation', 'Subscription']);

/** Fields and types that federation adds to a subgraph's printed SDL, and composition takes off again. */
const MACHINERY: ReadonlySet<string> = new Set(['_service', '_entities', '_Service', '_Entity', '_Any']);

/**
 * @param document With the domain's directives under their own names, and defaults written onto fields.
 * @param federation The link under which federation's directives are known.
 */
export function readSubgraph(
  { name, url }: { readonly name: string; readonly url: string },
  document: DocumentNode,
  federation: Link,
): PublishedSubgraph {
  const types = readTypes(document, (local) =>
    local === 'sensitivity' || local === 'subject' ? local : specifiedDirective(federation, local),
  );
  const own = [...types].filter(([type]) => !MACHINERY.has(type));
  return {
    name,
    url,
    document,
    types: new Map(own.map(([type, definition]) => [type, withoutMachinery(definition)])),
  };
}

/**
 * Types by their name, extensions merged into them.
 *
 * @param specified Under which name a specification of ours or of federation's knows a directive, by its name here.
 */
export function readTypes(
  document: DocumentNode,
  specified: (local: string) => string | undefined,
): ReadonlyMap<string, TypeDefinition> {
  const reader = new TypeReader(document, specified);
  const nodes = document.definitions.filter(
    (node) => isTypeDefinitionNode(node) || isTypeExtensionNode(node),
  );
  const types = Map.groupBy(nodes, (node) => reader.typeName(node.name.value));
  return new Map([...types].map(([type, parts]) => [type, reader.type(type, parts)]));
}

function withoutMachinery(type: TypeDefinition): TypeDefinition {
  return { ...type, fields: new Map([...type.fields].filter(([field]) => !MACHINERY.has(field))) };
}

/** Whether a directive of federation or of the domain stands on a type or field. */
export function applied(
  { directives }: { readonly directives: readonly AppliedDirective[] },
  name: string,
): AppliedDirective[] {
  return directives.filter((directive) => directive.specified && directive.name === name);
}

class TypeReader {
  readonly #specified: (local: string) => string | undefined;
  /** `RootQuery` → `Query`, as composition renames them. */
  readonly #roots = new Map<string, string>();

  constructor(document: DocumentNode, specified: (local: string) => string | undefined) {
    this.#specified = specified;
    for (const node of document.definitions) {
      if (node.kind !== Kind.SCHEMA_DEFINITION && node.kind !== Kind.SCHEMA_EXTENSION) continue;
      for (const { operation, type } of node.operationTypes ?? [])
        this.#roots.set(type.name.value, `${operation[0]?.toUpperCase()}${operation.slice(1)}`);
    }
  }

  typeName(local: string): string {
    return this.#roots.get(local) ?? local;
  }

  type(name: string, parts: readonly (TypeDefinitionNode | TypeExtensionNode)[]): TypeDefinition {
    const fields = parts.flatMap((part) => this.#fieldsOf(part));
    return {
      name,
      kind: kindOf(parts[0]),
      directives: this.#directives(parts.flatMap(({ directives = [] }) => directives)),
      fields: new Map(fields.map((field) => [field.name, field])),
      interfaces: parts.flatMap((part) => ('interfaces' in part ? (part.interfaces ?? []) : [])).map(nameOf),
      members: parts
        .flatMap((part) => ('types' in part ? (part.types ?? []) : []))
        .map((member) => this.typeName(nameOf(member))),
    };
  }

  #fieldsOf(part: TypeDefinitionNode | TypeExtensionNode): FieldDefinition[] {
    if ('values' in part)
      return (part.values ?? []).map((value) => ({
        name: value.name.value,
        type: '',
        namedType: '',
        arguments: [],
        directives: this.#directives(value.directives),
        defaultValue: undefined,
      }));
    if (!('fields' in part)) return [];
    return (part.fields ?? []).map((field) => ({
      name: field.name.value,
      ...this.#typeOf(field.type),
      arguments:
        field.kind === Kind.FIELD_DEFINITION
          ? (field.arguments ?? []).map((each) => this.#argument(each))
          : [],
      directives: this.#directives(field.directives),
      defaultValue: field.kind === Kind.INPUT_VALUE_DEFINITION ? printed(field.defaultValue) : undefined,
    }));
  }

  #argument(node: InputValueDefinitionNode): ArgumentDefinition {
    return {
      name: node.name.value,
      ...this.#typeOf(node.type),
      directives: this.#directives(node.directives),
      defaultValue: printed(node.defaultValue),
    };
  }

  #typeOf(node: TypeNode): { readonly type: string; readonly namedType: string } {
    const local = innermost(node);
    const namedType = this.typeName(local);
    return { type: print(node).replace(local, namedType), namedType };
  }

  #directives(nodes: readonly ConstDirectiveNode[] = []): AppliedDirective[] {
    return nodes.map((node) => {
      const local = node.name.value;
      const specified = this.#specified(local);
      return { name: specified ?? local, specified: specified !== undefined, node };
    });
  }
}

function innermost(node: TypeNode): string {
  return node.kind === Kind.NAMED_TYPE ? node.name.value : innermost(node.type);
}

function nameOf(node: { readonly name: { readonly value: string } }): string {
  return node.name.value;
}

function printed(value: Parameters<typeof print>[0] | undefined): string | undefined {
  return value === undefined ? undefined : print(value);
}

function kindOf(part: TypeDefinitionNode | TypeExtensionNode | undefined): TypeKind {
  switch (part?.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.OBJECT_TYPE_EXTENSION:
      return 'object';
    case Kind.INTERFACE_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_EXTENSION:
      return 'interface';
    case Kind.UNION_TYPE_DEFINITION:
    case Kind.UNION_TYPE_EXTENSION:
      return 'union';
    case Kind.ENUM_TYPE_DEFINITION:
    case Kind.ENUM_TYPE_EXTENSION:
      return 'enum';
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
    case Kind.INPUT_OBJECT_TYPE_EXTENSION:
      return 'input';
    default:
      return 'scalar';
  }
}
