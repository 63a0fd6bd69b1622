import { parse } from 'graphql';
import { SUPERGRAPH_CHECKS } from './checks/all.ts';
import type { CompositionError } from './composition-error.ts';
import { type FederateOptions, federate } from './federated-graph.ts';
import { splitSupergraph } from './split-supergraph.ts';

/**
 * What `compose` would have refused, as far as a supergraph still shows it: one that another composer made has passed
 * none of our checks. Does without the composer.
 *
 * @param names Name of each subgraph by its value of `join__Graph`.
 */
export function checkSupergraph(
  supergraphSdl: string,
  names: ReadonlyMap<string, string>,
  options: FederateOptions = {},
): readonly CompositionError[] {
  const subgraphs = splitSupergraph(parse(supergraphSdl, { noLocation: true }), names);
  const graph = federate(subgraphs, options);
  return SUPERGRAPH_CHECKS.flatMap((check) => [...check(graph)]);
}
