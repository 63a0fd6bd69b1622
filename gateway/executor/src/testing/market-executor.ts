import type { GraphQLFormattedError } from 'graphql';
import { parse } from 'graphql';
import type { ExecutionResult, Executor, ExecutorOptions } from '../execution.ts';
import { createExecutor } from '../executor.ts';
import type { ExecutionHooks } from '../hooks.ts';
import { hooks } from './hooks.ts';
import { MARKET, type MarketSubgraph, marketSchema, marketSupergraph, SUBJECT_TYPES } from './market.ts';
import { type StubSubgraph, startStubSubgraph } from './stub-subgraph.ts';

export interface MarketRequest {
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly hooks?: ExecutionHooks;
  readonly refused?: readonly string[];
  readonly signal?: AbortSignal;
}

/** The market's subgraphs over HTTP, and an executor over them. */
export interface Market {
  readonly executor: Executor;
  readonly subgraphs: Readonly<Record<MarketSubgraph, StubSubgraph>>;
  ask(query: string, request?: MarketRequest): Promise<ExecutionResult>;
  close(): Promise<void>;
}

export async function openMarket(options: Partial<ExecutorOptions> = {}): Promise<Market> {
  const started = await Promise.all(
    MARKET.map(async (name) => [name, await startStubSubgraph(marketSchema(name))] as const),
  );
  const subgraphs = Object.fromEntries(started) as Record<MarketSubgraph, StubSubgraph>;
  const executor = createExecutor({
    supergraphSdl: marketSupergraph(),
    endpoints: Object.fromEntries(started.map(([name, { url }]) => [name, url])),
    subjectTypes: SUBJECT_TYPES,
    ...options,
  });
  return {
    executor,
    subgraphs,
    ask(query, { variables = {}, refused = [], signal, ...rest } = {}) {
      const operation = executor.prepare({ document: parse(query), refused: new Set(refused) });
      const input = { operation, variables, hooks: rest.hooks ?? hooks() };
      return executor.execute({ ...input, ...(signal && { signal }) });
    },
    async close() {
      // First the subgraphs: the executor waits for requests under way, which a hanging one never answers.
      await Promise.all(started.map(([, subgraph]) => subgraph.close()));
      await executor.close();
    },
  };
}

/** `child.0.name CODE` */
export function places(errors: readonly GraphQLFormattedError[]): string[] {
  return errors.map(({ path, extensions }) => `${(path ?? ['-']).join('.')} ${String(extensions?.code)}`);
}
