import type { Sector } from '@contactpoint/access/sector';
import type { CompositionError } from '@contactpoint/composition/composition-error';
import { type ConstDirectiveNode, type GraphQLSchema, isEnumType, isObjectType, Kind } from 'graphql';

/** Sector of each subgraph that may hold a child's record. A subgraph without one holds none. */
export const SUBGRAPH_SECTORS: ReadonlyMap<string, Sector> = new Map([
  ['directory', 'DIRECTORY'],
  ['education', 'EDUCATION'],
  ['health', 'HEALTH'],
  ['social-care', 'SOCIAL_CARE'],
]);

/** The supergraph cannot be served; what runs before it goes on being served. */
export class SupergraphError extends Error {
  override readonly name = 'SupergraphError';
  /** What composition would have refused; empty where it is something else. */
  readonly errors: readonly CompositionError[];

  constructor(message: string, errors: readonly CompositionError[] = []) {
    super(
      [message, ...errors.map((error) => `${error.coordinate}: ${error.message} (${error.code})`)].join('\n'),
    );
    this.errors = errors;
  }
}

export interface Graph {
  readonly name: string;
  readonly url: string;
}

/**
 * Subgraphs by their `join__Graph` value.
 *
 * @throws SupergraphError when there is none, or two of one name: one would be taken for the other.
 */
export function readGraphs(supergraph: GraphQLSchema): ReadonlyMap<string, Graph> {
  const graphs = new Map<string, Graph>();
  const type = supergraph.getType('join__Graph');
  for (const value of isEnumType(type) ? type.getValues() : []) {
    const join = value.astNode?.directives?.find(({ name }) => name.value === 'join__graph');
    const args = new Map(join?.arguments?.map(({ name, value: argument }) => [name.value, argument]));
    const [name, url] = [args.get('name'), args.get('url')];
    if (name?.kind !== Kind.STRING || url?.kind !== Kind.STRING) continue;
    graphs.set(value.name, { name: name.value, url: url.value });
  }
  if (graphs.size === 0) throw new SupergraphError('The supergraph names no subgraph');
  const names = new Set([...graphs.values()].map(({ name }) => name));
  if (names.size < graphs.size) throw new SupergraphError('The supergraph has two subgraphs of one name');
  return graphs;
}

/**
 * Sector by coordinate of each subject's fields (`Child.conditions`). A field belongs to the one subgraph that resolves
 * it. Only the key is resolved by several, and a key shows no sector's record.
 *
 * @param supergraph Built from the supergraph SDL: the API schema has no directives.
 * @throws SupergraphError for a field that several subgraphs resolve, or one without a sector.
 */
export function readSubjectSectors(
  supergraph: GraphQLSchema,
  subjectTypes: ReadonlySet<string>,
): ReadonlyMap<string, Sector> {
  const graphs = readGraphs(supergraph);
  const sectors = new Map<string, Sector>();
  for (const name of subjectTypes) {
    const type = supergraph.getType(name);
    if (!isObjectType(type)) continue;
    const declared = joinGraphs(type.astNode?.directives, 'join__type');
    for (const field of Object.values(type.getFields())) {
      const named = joinGraphs(field.astNode?.directives, 'join__field');
      const owners = named.length > 0 ? named : declared;
      const coordinate = `${type.name}.${field.name}`;
      if (owners.length > 1) {
        if (field.name !== 'id') throw new SupergraphError(`${coordinate} is resolved by several subgraphs`);
        sectors.set(coordinate, 'DIRECTORY');
        continue;
      }
      const owner = graphs.get(owners[0] ?? '')?.name ?? '';
      const sector = SUBGRAPH_SECTORS.get(owner);
      if (sector === undefined) throw new SupergraphError(`${coordinate}: subgraph "${owner}" has no sector`);
      sectors.set(coordinate, sector);
    }
  }
  return sectors;
}

/** Values of `join__Graph` that a directive of this name is applied with. */
export function joinGraphs(directives: readonly ConstDirectiveNode[] | undefined, name: string): string[] {
  return (directives ?? [])
    .filter((directive) => directive.name.value === name)
    .flatMap(({ arguments: args }) => args?.find((argument) => argument.name.value === 'graph')?.value ?? [])
    .flatMap((value) => (value.kind === Kind.ENUM ? [value.value] : []));
}
