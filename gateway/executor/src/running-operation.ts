import type { GraphQLSchema } from 'graphql';
import type { ExecutionHooks } from './hooks.ts';
import type { Failures } from './records/failures.ts';
import type { RootEvent } from './root-event.ts';
import type { Abandonment } from './subgraphs/abandonment.ts';
import type { SubgraphClient } from './subgraphs/subgraph-client.ts';

/** What the steps of one operation share while it runs. */
export interface RunningOperation {
  /** The supergraph's. */
  readonly schema: GraphQLSchema;
  readonly clients: ReadonlyMap<string, SubgraphClient>;
  readonly hooks: ExecutionHooks;
  /** As the client sent them: what subgraphs are sent. */
  readonly givenVariables: Readonly<Record<string, unknown>>;
  readonly failures: Failures;
  /** Of a subscription: what it is executed for. */
  readonly event: RootEvent | undefined;
  readonly abandonment: Abandonment;
  /** On the monotonic clock: what is not fetched by then is unavailable. */
  readonly deadline: number;
}
