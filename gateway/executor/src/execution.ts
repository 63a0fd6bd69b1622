import type { DocumentNode, GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { ExecutionHooks } from './hooks.ts';
import type { PlanLimits } from './planning/plan-size.ts';
import type { ReadySupergraph } from './planning/ready-supergraph.ts';
import type { RootEvent } from './root-event.ts';
import type { SubgraphClient, SubgraphClientOptions } from './subgraphs/subgraph-client.ts';

export interface ExecutorOptions {
  readonly supergraphSdl: string;
  /** Labels of `@override(label:)` under which fields have moved already; none unless told. */
  readonly overrideLabels?: ReadonlySet<string> | undefined;
  /** Of the same SDL and labels, so that nothing waits for it here; made at once unless given. Closed with the executor. */
  readonly ready?: ReadySupergraph | undefined;
  /** GraphQL endpoint by subgraph name, as the supergraph names them (`health`, `social-care`). */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Types whose `id` names one data subject; the executor makes sure their `id` is always fetched. */
  readonly subjectTypes: ReadonlySet<string>;
  /** Milliseconds a request to a subgraph may take; 5,000 unless told. */
  readonly fetchTimeout?: number;
  /** The same for subgraphs that are to be quicker, or may be slower, by name. */
  readonly fetchTimeouts?: Readonly<Record<string, number>>;
  /** Milliseconds that all requests of one operation may take, one after the other; 15,000 unless told. */
  readonly operationTimeout?: number;
  /** Largest answer of a subgraph, bytes; 8 MiB unless told. */
  readonly maxAnswerBytes?: number;
  /** Largest plan that is run; `PLAN_LIMITS` unless told. */
  readonly planLimits?: PlanLimits;
  /** How subgraphs are reached, by name; over HTTP unless told. */
  readonly connect?: (options: SubgraphClientOptions, subgraph: string) => SubgraphClient;
}

/** A client's operation, ready to run any number of times. Immutable; keep it in a cache. */
export interface PreparedOperation {
  /** Opaque to callers. */
  readonly plan: unknown;
  /** Names of subgraphs the plan may ask. */
  readonly subgraphs: readonly string[];
}

export interface PrepareInput {
  /** What the client sent, already validated against `Executor.schema`. */
  readonly document: DocumentNode;
  readonly operationName?: string | undefined;
  /**
   * Coordinates that this caller may not read whatever the data says: neither planned nor fetched. The response still
   * has them, null, with what `ReleaseGate.field` says of them.
   */
  readonly refused: ReadonlySet<string>;
}

export interface ExecuteInput {
  readonly operation: PreparedOperation;
  /** As the client sent them; coerced here, with defaults. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly hooks: ExecutionHooks;
  /**
   * What `__schema` and `__type` describe, called where an operation asks; `Executor.schema` unless told. A part of it:
   * operations are validated and answered by `Executor.schema` all the same. A root field of another name that begins with
   * two underscores is answered by the resolver that it has in the schema returned for it.
   *
   * @param field Name of the root field that asks.
   */
  readonly introspectionSchema?: ((field: string) => GraphQLSchema) | undefined;
  /** Of a subscription: the event that it is executed for. */
  readonly event?: RootEvent | undefined;
  /** Aborts every fetch under way. */
  readonly signal?: AbortSignal;
}

export interface SubscribeInput extends Pick<ExecuteInput, 'operation' | 'variables'> {
  readonly hooks: Pick<ExecutionHooks, 'beforeFetch'>;
  /** Closes the stream. */
  readonly signal: AbortSignal;
}

/** Ends when the subgraph completes it or the signal is aborted; throws StreamError where it breaks. */
export type RootEvents = AsyncGenerator<RootEvent, void, undefined>;

export interface ExecutionResult {
  readonly data: Readonly<Record<string, unknown>> | null | undefined;
  readonly errors: readonly GraphQLFormattedError[];
}

export interface Executor {
  /** What clients may ask: no `@inaccessible` element, no federation machinery. */
  readonly schema: GraphQLSchema;
  /** @throws PlanError when no plan exists. */
  prepare(input: PrepareInput): PreparedOperation;
  /**
   * Never rejects for what a subgraph does: an unreachable, slow or babbling subgraph gives nulls and
   * `SUBGRAPH_UNAVAILABLE` errors. Rejects with what a hook rejects with, and with the signal's reason once that is
   * aborted; `beforeRelease` may then not have been called.
   *
   * @throws VariablesError when the variables do not fit the operation; PlanError where what they leave of it has no plan.
   */
  execute(input: ExecuteInput): Promise<ExecutionResult>;
  /**
   * Opens the stream of a subscription's root field at the subgraph that has it. Each event is then executed for itself:
   * `execute` fetches what the operation asks of it elsewhere, and shapes it. Of a subject an event tells the key alone.
   *
   * @returns undefined where nothing is left of the operation that may be asked.
   * @throws StreamError where the subgraph does not open it; VariablesError; what the hook rejects with.
   */
  subscribe(input: SubscribeInput): Promise<RootEvents | undefined>;
  /** Breaks streams and closes the connections; requests under way are finished first. */
  close(): Promise<void>;
}
