import { createHash } from 'node:crypto';
import {
  type Classification,
  readClassification,
  readSubjectTypes,
} from '@contactpoint/access/classification';
import { type CoordinateRules, readCoordinateRules } from '@contactpoint/access/coordinate-rules';
import type { Sector } from '@contactpoint/access/sector';
import { checkSupergraph } from '@contactpoint/composition/check-supergraph';
import type { Executor, ExecutorOptions } from '@contactpoint/executor/execution';
import { createExecutor } from '@contactpoint/executor/executor';
import { buildSchema } from 'graphql';
import { readGraphs, readSubjectSectors, SUBGRAPH_SECTORS, SupergraphError } from './subject-sectors.ts';

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

/**
 * Looks again for what composition refuses: whoever composed the SDL need not have looked, and a second door to children
 * would be planned like any other field.
 *
 * @param connect As in `ExecutorOptions`, and so are `timeouts`.
 * @throws SupergraphError, or the error of the part that refused it: an unclassified field, security rules that were
 *   not found.
 */
export function loadSupergraph(
  sdl: string,
  fetchTimeout: number,
  connect?: ExecutorOptions['connect'],
  timeouts: Pick<ExecutorOptions, 'fetchTimeouts' | 'operationTimeout'> = {},
): LoadedSupergraph {
  const schema = buildSchema(sdl, { assumeValid: true, assumeValidSDL: true });
  const graphs = readGraphs(schema);
  const endpoints = Object.fromEntries([...graphs.values()].map(({ name, url }) => [name, url]));
  const subjectTypes = readSubjectTypes(schema);
  if (subjectTypes.size === 0)
    throw new SupergraphError('The supergraph marks no type with @subject: nobody would be decided for');
  const classification = readClassification(schema);
  const refused = checkSupergraph(sdl, new Map([...graphs].map(([value, { name }]) => [value, name])));
  if (refused.length > 0)
    throw new SupergraphError('The supergraph is not one that we would compose', refused);
  const sectors = readSubjectSectors(schema, subjectTypes);

  return {
    version: createHash('sha256').update(sdl).digest('hex'),
    executor: createExecutor({
      supergraphSdl: sdl,
      endpoints,
      subjectTypes,
      fetchTimeout,
      ...timeouts,
      ...(connect === undefined ? {} : { connect }),
    }),
    classification,
    rules: readCoordinateRules(schema),
    subjectTypes,
    endpoints,
    sectorOfSubgraph: (subgraph) => SUBGRAPH_SECTORS.get(subgraph),
    sectorOfSubjectField: (coordinate) => sectors.get(coordinate),
  };
}
