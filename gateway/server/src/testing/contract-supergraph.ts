import { compose } from '@contactpoint/composition/compose';
import { CONTRACT_SUBGRAPHS, readContract } from '@contactpoint/contract/sdl';
import { type LoadedSupergraph, loadSupergraph } from '../supergraph.ts';

/** SDL of the supergraph that the contract composes to; nobody listens at its endpoints. */
export function contractSupergraphSdl(): string {
  const composed = compose(
    CONTRACT_SUBGRAPHS.map((name) => ({
      name,
      url: `http://${name}.invalid/graphql`,
      sdl: readContract(name),
    })),
  );
  if (composed.errors !== undefined) throw new Error(JSON.stringify(composed.errors));
  return composed.supergraphSdl;
}

export function contractSupergraph(): LoadedSupergraph {
  return loadSupergraph(contractSupergraphSdl(), 1_000);
}
