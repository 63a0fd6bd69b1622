import type { CompositionError } from '../composition-error.ts';
import type { FederatedGraph } from '../federated-graph.ts';

/** One rule: all its violations, in the order of the subgraphs. */
export type Check = (graph: FederatedGraph) => Iterable<CompositionError>;
