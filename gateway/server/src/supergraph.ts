import type { Classification } from '@contactpoint/access/classification';
import type { CoordinateRules } from '@contactpoint/access/coordinate-rules';
import type { Sector } from '@contactpoint/access/sector';
import type { Executor, ExecutorOptions } from '@contactpoint/executor/execution';
import { createExecutor } from '@contactpoint/executor/executor';
import { readyInTurns } from '@contactpoint/executor/planning/ready-supergraph';
import { SUBGRAPH_SECTORS } from './subject-sectors.ts';
import { readSupergraph, type SupergraphReading } from './supergraph-reading.ts';

/** Everything about a supergraph that does not change from request to request. */
export interface LoadedSupergraph {
  /** Hex SHA-256 of the SDL; stands in each access event. */
  readonly version: string;
  readonly executor: Executor;
  readonly classification: Classification;
  readonly rules: CoordinateRules;
  readonly subjectTypes: ReadonlySet<string>;
  /** Subgraphs that resolve a field, by its coordinate. */
  readonly agencies: ReadonlyMap<string, readonly string[]>;
  /** GraphQL endpoint by subgraph name. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Sector whose record a subgraph holds; undefined where it holds none. */
  sectorOfSubgraph(subgraph: string): Sector | undefined;
  /** Sector whose record a field of a subject shows, by its coordinate (`Child.socialCare`). */
  sectorOfSubjectField(coordinate: string): Sector | undefined;
}

export type SupergraphReach = Pick<
  ExecutorOptions,
  'fetchTimeout' | 'fetchTimeouts' | 'operationTimeout' | 'connect' | 'planLimits'
>;

/**
 * Reads and builds in one go; nothing else happens meanwhile.
 *
 * @param connect As in `ExecutorOptions`.
 * @throws as `readSupergraph`, and where its SDL cannot be planned for.
 */
export function loadSupergraph(
  sdl: string,
  fetchTimeout: number,
  connect?: ExecutorOptions['connect'],
): LoadedSupergraph {
  const options = { fetchTimeout, ...(connect === undefined ? {} : { connect }) };
  return supergraphOf(readSupergraph(sdl), options);
}

/**
 * Builds what was read elsewhere, beside requests that are being answered.
 *
 * @throws (rejects) where it cannot be planned for, or a time-out is not of a subgraph.
 */
export async function openSupergraph(
  reading: SupergraphReading,
  reach: SupergraphReach,
): Promise<LoadedSupergraph> {
  const ready = await readyInTurns(reading.sdl, reading.apiSdl);
  try {
    return supergraphOf(reading, { ...reach, ready });
  } catch (cause) {
    await ready.planning.close();
    throw cause;
  }
}

function supergraphOf(
  { sdl, version, classification, rules, subjectTypes, agencies, endpoints, sectors }: SupergraphReading,
  options: Omit<ExecutorOptions, 'supergraphSdl' | 'endpoints' | 'subjectTypes'>,
): LoadedSupergraph {
  return {
    version,
    executor: createExecutor({ supergraphSdl: sdl, endpoints, subjectTypes, ...options }),
    classification,
    rules,
    subjectTypes,
    agencies,
    endpoints,
    sectorOfSubgraph: (subgraph) => SUBGRAPH_SECTORS.get(subgraph),
    sectorOfSubjectField: (coordinate) => sectors.get(coordinate),
  };
}
