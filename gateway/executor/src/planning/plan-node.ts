import type { DocumentNode } from 'graphql';
import type { Rewrite } from '../records/rewrites.ts';
import type { DataPath, RequiredSelection } from './plan-step.ts';

/** A planner's plan in our words: what it fetches, in which order, and where the answers go. */
export type PlanNode =
  | { readonly kind: 'Sequence' | 'Parallel'; readonly nodes: readonly PlanNode[] }
  | { readonly kind: 'Flatten'; readonly paths: readonly DataPath[]; readonly node: PlanNode }
  | FetchNode;

export interface FetchNode {
  readonly kind: 'Fetch';
  readonly subgraph: string;
  readonly operation: 'query' | 'mutation' | 'subscription';
  /** One operation without fragment spreads. */
  readonly document: DocumentNode;
  /** What of an entity goes into its representation; undefined for a fetch at the root. */
  readonly requires: readonly RequiredSelection[] | undefined;
  readonly inputRewrites: readonly Rewrite[];
  readonly outputRewrites: readonly Rewrite[];
}
