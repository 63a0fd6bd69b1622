import type { Abandonment } from '../subgraphs/abandonment.ts';
import {
  createSubgraphClient,
  type SubgraphAnswer,
  type SubgraphClient,
} from '../subgraphs/subgraph-client.ts';
import { type BatchingSubgraph, startBatchingSubgraph } from './batching-subgraph.ts';

/** Milliseconds that the client gives the subgraph. */
export const TIMEOUT = 2_000;

export const UNAVAILABLE: SubgraphAnswer = { kind: 'UNAVAILABLE' };

export const answered = (grant: string): SubgraphAnswer => ({
  kind: 'ANSWERED',
  data: { of: grant },
  errors: [],
});

/** A subgraph of the test's own, and the client that asks it. */
export interface AskedSubgraph {
  readonly subgraph: BatchingSubgraph;
  readonly client: SubgraphClient;
  ask(grant: string, options?: { query?: string; abandonment?: Abandonment }): Promise<SubgraphAnswer>;
  close(): Promise<void>;
}

export async function startAskedSubgraph(): Promise<AskedSubgraph> {
  const subgraph = await startBatchingSubgraph();
  const client = createSubgraphClient({
    endpoint: subgraph.endpoint,
    timeout: TIMEOUT,
    maxAnswerBytes: 2_000,
  });
  return {
    subgraph,
    client,
    ask: (grant, { query = '{ of }', abandonment } = {}) =>
      client.ask({ query, variables: {}, extensions: { grant } }, abandonment),
    async close() {
      await subgraph.close();
      await client.close();
    },
  };
}
