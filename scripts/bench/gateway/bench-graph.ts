import type { BenchOperation } from './operations.ts';

/** What gateways are measured on: subgraphs that run, and what is asked of them. */
export interface BenchGraph {
  readonly operations: readonly BenchOperation[];
  /** File of the supergraph without our own directives and those of access, which others refuse or obey. */
  readonly supergraphFile: string;
  readonly subgraphs: readonly BenchSubgraph[];
  /** Base URLs of what counts its requests. */
  readonly counted: readonly string[];
  /** Module and environment of our own gateway, but for its port; undefined where there is nothing to decide about. */
  readonly contactpoint: Readonly<Record<string, string>> | undefined;
  /** Folder for whatever a gateway writes. */
  readonly data: string;
  stop(): Promise<void>;
}

export interface BenchSubgraph {
  readonly name: string;
  /** GraphQL endpoint. */
  readonly url: string;
  readonly sdl: string;
}
