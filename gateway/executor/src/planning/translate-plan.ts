import type {
  BatchFetchNode as HiveBatchFetch,
  FetchNode as HiveFetch,
  PlanNode as HiveNode,
  FlattenNodePathSegment as HivePathSegment,
  RequiresSelection as HiveRequired,
  FetchRewrite as HiveRewrite,
} from '@graphql-hive/router-query-planner';
import { type DocumentNode, parse } from 'graphql';
import type { Rewrite } from '../records/rewrites.ts';
import { batchedEntityFetches } from './aliased-entities.ts';
import { withoutSpreads } from './fragment-spreads.ts';
import { PlanError } from './plan-error.ts';
import type { FetchNode, PlanNode } from './plan-node.ts';
import { type PlanLimits, PlanSize } from './plan-size.ts';
import type { DataPath, RequiredSelection } from './plan-step.ts';

/** @throws PlanError UNSUPPORTED for what the executor does not run; PlanSizeError as soon as the plan is too large. */
export function translatePlan(node: HiveNode, limits: PlanLimits): PlanNode {
  return translate(node, new PlanSize(limits));
}

function translate(node: HiveNode, size: PlanSize): PlanNode {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel':
      return { kind: node.kind, nodes: node.nodes.map((each) => translate(each, size)) };
    case 'Flatten':
      return { kind: 'Flatten', paths: [translatePath(node.path)], node: translate(node.node, size) };
    case 'Condition':
      // What is planned holds none.
      throw new PlanError('NO_PLAN', 'The plan holds a condition');
    case 'Fetch':
      size.addFetch();
      return translateFetch(node, documentOf(node, size), node);
    case 'BatchFetch':
      return translateBatch(node, size);
    case 'Defer':
      throw new PlanError('UNSUPPORTED', '@defer is not supported');
    case 'Subscription':
      size.addFetch();
      return translateFetch(node.primary, documentOf(node.primary, size), node.primary);
  }
}

/**
 * Several entity fetches in one operation, taken apart again: what each of them may carry is decided for itself, under a
 * grant of its own. What goes to one subgraph at one time can still be sent together below.
 */
function translateBatch(node: HiveBatchFetch, size: PlanSize): PlanNode {
  const { aliases } = node.entityBatch;
  for (const _each of aliases) size.addFetch();
  const documents = batchedEntityFetches(documentOf(node, size));
  const nodes = aliases.map((batched): PlanNode => {
    const document = documents.get(batched.alias);
    if (document === undefined) throw new PlanError('NO_PLAN', 'A batch of the plan lacks one of its parts');
    const paths = batched.paths.map(translatePath);
    return { kind: 'Flatten', paths, node: translateFetch(node, document, batched) };
  });
  return { kind: 'Parallel', nodes };
}

type Carried = Pick<HiveFetch, 'requires' | 'inputRewrites' | 'outputRewrites'>;

function translateFetch(
  { serviceName, operationKind }: HiveFetch | HiveBatchFetch,
  document: DocumentNode,
  { requires, inputRewrites, outputRewrites }: Carried,
): FetchNode {
  return {
    kind: 'Fetch',
    subgraph: serviceName,
    operation: operationKind ?? 'query',
    document,
    requires: requires?.map(translateRequired),
    inputRewrites: (inputRewrites ?? []).map(translateRewrite),
    outputRewrites: (outputRewrites ?? []).map(translateRewrite),
  };
}

function documentOf({ operation }: { readonly operation: string }, size: PlanSize): DocumentNode {
  return withoutSpreads(parse(operation, { noLocation: true }), size);
}

function translatePath(path: readonly HivePathSegment[]): DataPath {
  return path.map((segment) => {
    if (segment === '@') return { kind: 'ITEMS' };
    return 'Field' in segment
      ? { kind: 'KEY', key: segment.Field }
      : { kind: 'TYPE', names: segment.TypeCondition };
  });
}

/** `alias` is what the representation calls the field; `name` is the key under which it was fetched. */
function translateRequired(node: HiveRequired): RequiredSelection {
  switch (node.kind) {
    case 'Field':
      return {
        kind: 'Field',
        key: node.name,
        as: node.alias ?? node.name,
        selections: node.selections?.map(translateRequired),
      };
    case 'InlineFragment':
      if (node.includeIf || node.skipIf) throw new PlanError('NO_PLAN', 'The plan holds a condition');
      return {
        kind: 'Fragment',
        type: node.typeCondition,
        selections: node.selections.map(translateRequired),
      };
    case 'FragmentSpread':
      throw new PlanError('NO_PLAN', 'A fetch of the plan requires a fragment that it does not define');
  }
}

function translateRewrite(rewrite: HiveRewrite): Rewrite {
  if ('KeyRenamer' in rewrite) {
    const { path, renameKeyTo } = rewrite.KeyRenamer;
    return { kind: 'RENAME', path: translateRewritePath(path), to: renameKeyTo };
  }
  // It comes in two forms.
  const { path, setValueTo } = 'ValueSetter' in rewrite ? rewrite.ValueSetter : rewrite;
  return { kind: 'SET', path: translateRewritePath(path), value: setValueTo };
}

type HiveRewriteSegment = { TypenameEquals: string[] } | { Key: string };

function translateRewritePath(path: readonly HiveRewriteSegment[]): DataPath {
  return path.map((segment) =>
    'Key' in segment ? { kind: 'KEY', key: segment.Key } : { kind: 'TYPE', names: segment.TypenameEquals },
  );
}
