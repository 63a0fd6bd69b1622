import { applied, type FieldDefinition, type Subgraph, type TypeDefinition } from './subgraph.ts';

/** All subgraphs side by side, before they are one: what the checks ask across agencies. */
export interface FederatedGraph {
  /** In the order in which they joined: of several that define a type the first one is its owner. */
  readonly subgraphs: readonly Subgraph[];
  /** Name of the one subgraph that leads to children. */
  readonly directory: string;
  /** Name of the one subgraph whose scope-guarded fields take a child's number. */
  readonly oversight: string;
  /** Every subgraph's part of a type, owner first. */
  readonly definitions: ReadonlyMap<string, readonly TypePart[]>;
  /** Types that any subgraph marks with `@subject`. */
  readonly subjects: ReadonlySet<string>;
}

export interface TypePart {
  readonly subgraph: Subgraph;
  readonly type: TypeDefinition;
}

/** One subgraph's definition of a field, with where it stands. */
export interface FieldPart extends TypePart {
  readonly field: FieldDefinition;
  /** `Child.conditions` */
  readonly coordinate: string;
}

export interface FederateOptions {
  /** Name of the subgraph that leads to children; `directory` by default. */
  readonly directory?: string;
  /** Name of the subgraph whose scope-guarded fields take a child's number; `oversight` by default. */
  readonly oversight?: string;
}

export function federate(
  subgraphs: readonly Subgraph[],
  { directory = 'directory', oversight = 'oversight' }: FederateOptions = {},
): FederatedGraph {
  const parts = subgraphs.flatMap((subgraph) =>
    [...subgraph.types.values()].map((type) => ({ subgraph, type })),
  );
  const marked = parts.filter(({ type }) => applied(type, 'subject').length > 0);
  return {
    subgraphs,
    directory,
    oversight,
    definitions: Map.groupBy(parts, ({ type }) => type.name),
    subjects: new Set(marked.map(({ type }) => type.name)),
  };
}

/** Every field that can be asked for: of objects and interfaces, not of inputs. */
export function* outputFields({ subgraphs }: Pick<FederatedGraph, 'subgraphs'>): Iterable<FieldPart> {
  for (const subgraph of subgraphs)
    for (const type of subgraph.types.values())
      if (type.kind === 'object' || type.kind === 'interface')
        for (const field of type.fields.values())
          yield { subgraph, type, field, coordinate: `${type.name}.${field.name}` };
}

/** Every subgraph's fields of one type. */
export function fieldsOf(graph: FederatedGraph, name: string): FieldPart[] {
  return (graph.definitions.get(name) ?? []).flatMap(({ subgraph, type }) =>
    [...type.fields.values()].map((field) => ({
      subgraph,
      type,
      field,
      coordinate: `${name}.${field.name}`,
    })),
  );
}

/** The object types that a value of the type can be, in any subgraph: itself, members of a union, implementations. */
export function possibleTypes(graph: FederatedGraph, name: string): ReadonlySet<string> {
  const possible = new Set<string>();
  for (const { type } of graph.definitions.get(name) ?? []) {
    if (type.kind === 'object') possible.add(name);
    for (const member of type.members) possible.add(member);
    if (type.kind === 'interface')
      for (const [other, parts] of graph.definitions)
        if (parts.some((part) => part.type.kind === 'object' && part.type.interfaces.includes(name)))
          possible.add(other);
  }
  return possible;
}

/**
 * Types from which a data subject can be reached before any other is: subjects, what may be one, and what has a field
 * of such a type.
 */
export function leadingToSubject(graph: FederatedGraph): ReadonlySet<string> {
  const leading = new Set(graph.subjects);
  let before: number;
  do {
    before = leading.size;
    for (const name of graph.definitions.keys()) {
      const leads =
        fieldsOf(graph, name).some(
          ({ type, field }) => type.kind !== 'input' && leading.has(field.namedType),
        ) || [...possibleTypes(graph, name)].some((possible) => leading.has(possible));
      if (leads) leading.add(name);
    }
  } while (leading.size > before);
  return leading;
}
