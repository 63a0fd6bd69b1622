import { composeServices } from '@apollo/composition';
import { CHECKS } from './checks/all.ts';
import type { CompositionError } from './composition-error.ts';
import { type FederateOptions, federate } from './federated-graph.ts';
import { prepareSubgraph, type SubgraphSdl } from './prepare-subgraph.ts';
import type { PublishedSubgraph } from './subgraph.ts';

export type Composition =
  | { readonly supergraphSdl: string; readonly errors?: undefined }
  | { readonly errors: readonly CompositionError[]; readonly supergraphSdl?: undefined };

/**
 * Composes the agencies' subgraphs into one supergraph, or says everything that stands in the way, not only the first
 * thing. The same subgraphs give the same SDL, in whatever order they come.
 *
 * This file alone imports Apollo's composer, which is under the Elastic License 2.0: docs/adr/0001.
 *
 * @param sdls In the order in which they joined: of several that define a field the first one is its owner.
 */
export function compose(sdls: readonly SubgraphSdl[], options: FederateOptions = {}): Composition {
  const errors: CompositionError[] = [...repeatedNames(sdls)];
  const subgraphs: PublishedSubgraph[] = [];
  for (const sdl of sdls) {
    const prepared = prepareSubgraph(sdl);
    if ('errors' in prepared) errors.push(...prepared.errors);
    else subgraphs.push(prepared.subgraph);
  }
  const unreadable = errors.length > 0;

  const graph = federate(subgraphs, options);
  for (const check of CHECKS) errors.push(...check(graph));
  // Without a subgraph that could not be read the composer would only report what is missing for want of it.
  if (unreadable) return { errors };

  const result = composeServices(
    subgraphs.map(({ name, url, document }) => ({ name, url, typeDefs: document })),
  );
  for (const error of result.errors ?? []) {
    const code = error.extensions.code;
    errors.push({
      code: 'COMPOSITION_FAILED',
      subgraph: null,
      coordinate: null,
      message: typeof code === 'string' ? `${code}: ${error.message}` : error.message,
    });
  }
  if (errors.length > 0 || result.supergraphSdl === undefined) return { errors };
  return { supergraphSdl: result.supergraphSdl };
}

/** Names become enum values of the supergraph, in capitals and with `_` for `-`. */
function* repeatedNames(sdls: readonly SubgraphSdl[]): Iterable<CompositionError> {
  for (const [name, same] of Map.groupBy(sdls, (sdl) => sdl.name))
    if (same.length > 1)
      yield {
        code: 'SUBGRAPH_INVALID',
        subgraph: name,
        coordinate: null,
        message: `${same.length} subgraphs are called ${name}`,
      };
}
