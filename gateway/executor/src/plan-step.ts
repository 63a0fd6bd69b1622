import type { DocumentNode } from 'graphql';
import type { AnswerShape } from './answer-shape.ts';
import type { Rewrite } from './rewrites.ts';

/** What a plan is made of, ready to run: texts are parsed, coordinates listed. Independent of whose planner made it. */
export type PlanStep = FetchStep | FlattenStep | SequenceStep | ParallelStep | ConditionStep;

export interface SequenceStep {
  readonly kind: 'Sequence';
  readonly steps: readonly PlanStep[];
}

export interface ParallelStep {
  readonly kind: 'Parallel';
  readonly steps: readonly PlanStep[];
}

/** Runs its step on the objects found at `path`; `@` stands for each item of a list. */
export interface FlattenStep {
  readonly kind: 'Flatten';
  readonly path: readonly string[];
  readonly step: PlanStep;
}

export interface ConditionStep {
  readonly kind: 'Condition';
  /** Name of a Boolean variable. */
  readonly variable: string;
  readonly whenTrue: PlanStep | undefined;
  readonly whenFalse: PlanStep | undefined;
}

export interface FetchStep {
  readonly kind: 'Fetch';
  readonly subgraph: string;
  readonly operation: 'query' | 'mutation';
  readonly operationName: string | undefined;
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
}

export type RequiredSelection =
  | {
      readonly kind: 'Field';
      readonly key: string;
      readonly selections: readonly RequiredSelection[] | undefined;
    }
  | {
      readonly kind: 'Fragment';
      readonly type: string | undefined;
      readonly selections: readonly RequiredSelection[];
    };
