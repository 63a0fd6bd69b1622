/**
 * The only file that touches Apollo's planner (Elastic License 2.0; see the ADR on the planner). Everything else works on
 * `PlanNode`, which is its plan in our words.
 */
import {
  operationFromDocument,
  ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
  Supergraph,
} from '@apollo/federation-internals';
import {
  type PlanNode as ApolloNode,
  type QueryPlan,
  QueryPlanner,
  type QueryPlanSelectionNode,
} from '@apollo/query-planner';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { PlanError } from './plan-error.ts';
import type { RequiredSelection } from './plan-step.ts';
import type { Rewrite } from './rewrites.ts';

export interface Planner {
  /** What clients may ask. */
  readonly apiSchema: GraphQLSchema;
  /** With `@inaccessible` elements and federation's own; what subgraphs are asked in. */
  readonly supergraphSchema: GraphQLSchema;
  readonly subgraphs: readonly string[];
  /**
   * @param document One operation, valid against the API schema.
   * @returns undefined when no subgraph has to be asked.
   * @throws PlanError
   */
  plan(document: DocumentNode): PlanNode | undefined;
}

export type PlanNode =
  | { readonly kind: 'Sequence' | 'Parallel'; readonly nodes: readonly PlanNode[] }
  | { readonly kind: 'Flatten'; readonly path: readonly string[]; readonly node: PlanNode }
  | {
      readonly kind: 'Condition';
      readonly variable: string;
      readonly whenTrue: PlanNode | undefined;
      readonly whenFalse: PlanNode | undefined;
    }
  | FetchNode;

export interface FetchNode {
  readonly kind: 'Fetch';
  readonly subgraph: string;
  readonly operation: 'query' | 'mutation';
  readonly operationName: string | undefined;
  readonly query: string;
  readonly requires: readonly RequiredSelection[] | undefined;
  readonly inputRewrites: readonly Rewrite[];
  readonly outputRewrites: readonly Rewrite[];
}

/** @throws when the SDL is no supergraph or needs a feature that nobody supports. */
export function createPlanner(supergraphSdl: string): Planner {
  const supergraph = Supergraph.build(supergraphSdl, {
    // Without this the authorization directives are refused; they are enforced by whoever calls the executor.
    supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
  });
  const api = supergraph.apiSchema();
  const planner = new QueryPlanner(supergraph, {});

  return {
    apiSchema: api.toGraphQLJSSchema(),
    supergraphSchema: supergraph.schema.toGraphQLJSSchema(),
    subgraphs: supergraph.subgraphsMetadata().map(({ name }) => name),
    plan(document) {
      const { node } = buildPlan(() =>
        planner.buildQueryPlan(operationFromDocument(api, document, { validate: false })),
      );
      if (node === undefined) return undefined;
      if (node.kind === 'Subscription') throw new PlanError('UNSUPPORTED', 'Subscriptions are not supported');
      return translate(node);
    },
  };
}

function buildPlan(build: () => QueryPlan): QueryPlan {
  try {
    return build();
  } catch (cause) {
    throw new PlanError('NO_PLAN', 'No plan could be made for the operation', { cause });
  }
}

function translate(node: ApolloNode): PlanNode {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel':
      return { kind: node.kind, nodes: node.nodes.map(translate) };
    case 'Flatten':
      return { kind: 'Flatten', path: node.path.map(String), node: translate(node.node) };
    case 'Condition':
      return {
        kind: 'Condition',
        variable: node.condition,
        whenTrue: node.ifClause && translate(node.ifClause),
        whenFalse: node.elseClause && translate(node.elseClause),
      };
    case 'Defer':
      throw new PlanError('UNSUPPORTED', '@defer is not supported');
    case 'Fetch':
      return translateFetch(node);
  }
}

function translateFetch(node: Extract<ApolloNode, { kind: 'Fetch' }>): FetchNode {
  if (node.operationKind === 'subscription')
    throw new PlanError('UNSUPPORTED', 'Subscriptions are not supported');
  if (node.contextRewrites?.length) throw new PlanError('UNSUPPORTED', '@fromContext is not supported');
  return {
    kind: 'Fetch',
    subgraph: node.serviceName,
    operation: node.operationKind,
    operationName: node.operationName,
    query: node.operation,
    requires: node.requires?.map(translateRequired),
    inputRewrites: node.inputRewrites?.map(translateRewrite) ?? [],
    outputRewrites: node.outputRewrites?.map(translateRewrite) ?? [],
  };
}

function translateRequired(node: QueryPlanSelectionNode): RequiredSelection {
  return node.kind === 'Field'
    ? { kind: 'Field', key: node.alias ?? node.name, selections: node.selections?.map(translateRequired) }
    : { kind: 'Fragment', type: node.typeCondition, selections: node.selections.map(translateRequired) };
}

type ApolloRewrite = NonNullable<Extract<ApolloNode, { kind: 'Fetch' }>['inputRewrites']>[number];

function translateRewrite(rewrite: ApolloRewrite): Rewrite {
  return rewrite.kind === 'KeyRenamer'
    ? { kind: 'RENAME', path: rewrite.path, to: rewrite.renameKeyTo }
    : { kind: 'SET', path: rewrite.path, value: rewrite.setValueTo };
}
