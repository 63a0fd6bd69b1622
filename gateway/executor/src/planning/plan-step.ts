import type { DocumentNode } from 'graphql';
import type { AnswerCopy, AnswerShape } from '../records/answer-shape.ts';
import type { Rewrite } from '../records/rewrites.ts';

/** What a plan is made of, ready to run: texts are parsed, coordinates listed. Independent of whose planner made it. */
export type PlanStep = FetchStep | FlattenStep | SequenceStep | ParallelStep;

export interface SequenceStep {
  readonly kind: 'Sequence';
  readonly steps: readonly PlanStep[];
}

export interface ParallelStep {
  readonly kind: 'Parallel';
  readonly steps: readonly PlanStep[];
}

/** Runs its step once on all objects found at its paths. */
export interface FlattenStep {
  readonly kind: 'Flatten';
  readonly paths: readonly DataPath[];
  readonly step: PlanStep;
}

export interface FetchStep {
  readonly kind: 'Fetch';
  readonly subgraph: string;
  readonly operation: 'query' | 'mutation' | 'subscription';
  readonly text: FetchText;
  /** What of an entity goes into its representation; undefined for a fetch at the root. */
  readonly requires: readonly RequiredSelection[] | undefined;
  readonly inputRewrites: readonly Rewrite[];
  readonly outputRewrites: readonly Rewrite[];
  /** Response keys by the key that the text uses for them, where the planner had to rename. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Texts with coordinates left out, by those coordinates; filled as they are asked for. */
  readonly pruned: Map<string, FetchText | undefined>;
}

/** GraphQL as it is sent, and what an answer to it may hold. */
export interface FetchText {
  readonly document: DocumentNode;
  readonly query: string;
  /** Variables it uses, without `representations`. */
  readonly variableNames: readonly string[];
  /** Coordinates that it selects, each once, without the key that the executor has echoed for itself. */
  readonly coordinates: readonly string[];
  /** Of one entity for an entity fetch, of the whole answer otherwise. */
  readonly answer: AnswerShape;
  readonly copyAnswer: AnswerCopy;
}

/** Where in the fetched data something stands. */
export type DataPath = readonly PathStep[];

export type PathStep =
  | { readonly kind: 'KEY'; readonly key: string }
  /** Each item of a list. */
  | { readonly kind: 'ITEMS' }
  /** Only where the object is of one of these types, or does not say. */
  | { readonly kind: 'TYPE'; readonly names: readonly string[] };

export type RequiredSelection =
  | {
      readonly kind: 'Field';
      /** Under which the data hold it. */
      readonly key: string;
      /** Under which the representation carries it. */
      readonly as: string;
      readonly selections: readonly RequiredSelection[] | undefined;
    }
  | {
      readonly kind: 'Fragment';
      readonly type: string;
      readonly selections: readonly RequiredSelection[];
    };
