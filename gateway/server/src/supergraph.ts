import { createHash } from 'node:crypto';
import {
  type Classification,
  readClassification,
  readSubjectTypes,
} from '@contactpoint/access/classification';
import { type CoordinateRules, readCoordinateRules } from '@contactpoint/access/coordinate-rules';
import type { Sector } from '@contactpoint/access/sector';
import type { Executor } from '@contactpoint/executor/execution';
import { createExecutor } from '@contactpoint/executor/executor';
import { buildSchema, type GraphQLSchema, Kind, type ObjectTypeDefinitionNode, parse } from 'graphql';

/** Sector of each subgraph that may hold a child's record. A subgraph without one holds none. */
const SUBGRAPH_SECTORS: ReadonlyMap<string, Sector> = new Map([
  ['directory', 'DIRECTORY'],
  ['education', 'EDUCATION'],
  ['health', 'HEALTH'],
  ['social-care', 'SOCIAL_CARE'],
]);

/** Everything about a supergraph that does not change from request to request. */
export interface LoadedSupergraph {
  /** Hex SHA-256 of the SDL; stands in each access event. */
  readonly version: string;
  readonly executor: Executor;
  readonly classification: Classification;
  readonly rules: CoordinateRules;
  readonly subjectTypes: ReadonlySet<string>;
  /** GraphQL endpoint by subgraph name. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Sector whose record a subgraph holds; undefined where it holds none. */
  sectorOfSubgraph(subgraph: string): Sector | undefined;
  /** Sector whose record a field of a subject shows, by its coordinate (`Child.socialCare`). */
  sectorOfSubjectField(coordinate: string): Sector | undefined;
}

/** The supergraph cannot be served; what runs before it goes on being served. */
export class SupergraphError extends Error {
  override readonly name = 'SupergraphError';
}

/**
 * @throws SupergraphError, or the error of the part that refused it: an unclassified field, no security rules.
 */
export function loadSupergraph(sdl: string, fetchTimeout: number): LoadedSupergraph {
  const schema = buildSchema(sdl, { assumeValid: true, assumeValidSDL: true });
  const graphs = readGraphs(schema);
  const endpoints = Object.fromEntries([...graphs.values()].map(({ name, url }) => [name, url]));
  const subjectTypes = readSubjectTypes(schema);
  const sectors = readSubjectSectors(sdl, subjectTypes, graphs);

  return {
    version: createHash('sha256').update(sdl).digest('hex'),
    executor: createExecutor({ supergraphSdl: sdl, endpoints, subjectTypes, fetchTimeout }),
    classification: readClassification(schema),
    rules: readCoordinateRules(schema),
    subjectTypes,
    endpoints,
    sectorOfSubgraph: (subgraph) => SUBGRAPH_SECTORS.get(subgraph),
    sectorOfSubjectField: (coordinate) => sectors.get(coordinate),
  };
}

interface Graph {
  readonly name: string;
  readonly url: string;
}

/** Subgraphs by their `join__Graph` value. */
function readGraphs(schema: GraphQLSchema): ReadonlyMap<string, Graph> {
  const graphs = new Map<string, Graph>();
  const type = schema.getType('join__Graph');
  const values = type !== undefined && 'getValues' in type ? type.getValues() : [];
  for (const value of values) {
    const join = value.astNode?.directives?.find(({ name }) => name.value === 'join__graph');
    const args = new Map(join?.arguments?.map(({ name, value: argument }) => [name.value, argument]));
    const [name, url] = [args.get('name'), args.get('url')];
    if (name?.kind !== Kind.STRING || url?.kind !== Kind.STRING) continue;
    graphs.set(value.name, { name: name.value, url: url.value });
  }
  if (graphs.size === 0) throw new SupergraphError('The supergraph names no subgraph');
  return graphs;
}

/**
 * A subject's field belongs to the one subgraph that resolves it. Only the key is resolved by several, and a key shows
 * no sector's record.
 */
function readSubjectSectors(
  sdl: string,
  subjectTypes: ReadonlySet<string>,
  graphs: ReadonlyMap<string, Graph>,
): ReadonlyMap<string, Sector> {
  const sectors = new Map<string, Sector>();
  const types = parse(sdl).definitions.filter(
    (definition): definition is ObjectTypeDefinitionNode =>
      definition.kind === Kind.OBJECT_TYPE_DEFINITION && subjectTypes.has(definition.name.value),
  );
  for (const type of types) {
    const declared = joinGraphs(type.directives, 'join__type');
    for (const field of type.fields ?? []) {
      const named = joinGraphs(field.directives, 'join__field');
      const owners = named.length > 0 ? named : declared;
      const coordinate = `${type.name.value}.${field.name.value}`;
      if (owners.length > 1) {
        if (field.name.value !== 'id')
          throw new SupergraphError(`${coordinate} is resolved by several subgraphs`);
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

function joinGraphs(directives: ObjectTypeDefinitionNode['directives'], name: string): string[] {
  return (directives ?? [])
    .filter((directive) => directive.name.value === name)
    .flatMap(({ arguments: args }) => args?.find((argument) => argument.name.value === 'graph')?.value ?? [])
    .flatMap((value) => (value.kind === Kind.ENUM ? [value.value] : []));
}
