import type { DocumentNode, GraphQLSchema, SelectionSetNode } from 'graphql';
import { Kind } from 'graphql';
import { SUBJECT_KEY } from '../selections/response-key.ts';
import { entitySelections, fetchText, operationOf } from './fetch-text.ts';
import type { FetchNode, PlanNode } from './plan-node.ts';
import type { PlanSize } from './plan-size.ts';
import type { DataPath, FetchStep, PlanStep } from './plan-step.ts';
import { SUBJECT_ID } from './planned-operation.ts';
import { withTypenames } from './with-typenames.ts';

export interface StepsInput {
  /** The supergraph's. */
  readonly schema: GraphQLSchema;
  readonly subjectTypes: ReadonlySet<string>;
  readonly interfaceObjects: ReadonlySet<string>;
  /** Of the whole plan. */
  readonly size: PlanSize;
}

/**
 * Makes a plan ready to run.
 *
 * @throws PlanSizeError
 */
export function prepareSteps(input: StepsInput, node: PlanNode): PlanStep {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel':
      return { kind: node.kind, steps: node.nodes.map((it) => prepareSteps(input, it)) };
    case 'Flatten':
      return { kind: 'Flatten', paths: node.paths, step: prepareSteps(input, node.node) };
    case 'Fetch':
      return fetchStep(input, node);
  }
}

/** Names of the subgraphs that the plan may ask, each once. */
export function subgraphsOf(step: PlanStep): string[] {
  switch (step.kind) {
    case 'Sequence':
    case 'Parallel':
      return [...new Set(step.steps.flatMap(subgraphsOf))];
    case 'Flatten':
      return subgraphsOf(step.step);
    case 'Fetch':
      return [step.subgraph];
  }
}

function fetchStep(input: StepsInput, node: FetchNode): FetchStep {
  const { schema, subjectTypes, interfaceObjects, size } = input;
  const isEntityFetch = node.requires !== undefined;
  const telling = withTypenames(schema, node.document, interfaceObjects);
  const document = isEntityFetch ? withEchoedKey(telling, subjectTypes) : telling;
  const text = fetchText(schema, document, isEntityFetch);
  size.addFetch();
  size.addText(Buffer.byteLength(text.query));
  const renames = node.outputRewrites.filter((it) => it.kind === 'RENAME');
  return {
    kind: 'Fetch',
    subgraph: node.subgraph,
    operation: node.operation,
    text,
    requires: node.requires,
    inputRewrites: node.inputRewrites,
    outputRewrites: node.outputRewrites,
    renamed: new Map(renames.map(({ path, to }) => [lastKey(path) ?? to, to])),
    pruned: new Map(),
  };
}

function lastKey(path: DataPath): string | undefined {
  const last = path.at(-1);
  return last?.kind === 'KEY' ? last.key : undefined;
}

/**
 * Has each subject say again who it is, so that an answer for another one is noticed. It tells the subgraph nothing: the
 * id stands in the representation.
 */
function withEchoedKey(document: DocumentNode, subjectTypes: ReadonlySet<string>): DocumentNode {
  const operation = operationOf(document);
  const [entities] = operation.selectionSet.selections;
  if (entities?.kind !== Kind.FIELD) return document;
  const selections = entitySelections(operation).selections.map((selection) => {
    if (selection.kind !== Kind.INLINE_FRAGMENT) return selection;
    const type = selection.typeCondition?.name.value;
    if (type === undefined || !subjectTypes.has(type) || hasKey(selection.selectionSet)) return selection;
    const inside = [SUBJECT_ID, ...selection.selectionSet.selections];
    return { ...selection, selectionSet: { ...selection.selectionSet, selections: inside } };
  });
  const selectionSet: SelectionSetNode = { kind: Kind.SELECTION_SET, selections };
  const changed = { ...operation.selectionSet, selections: [{ ...entities, selectionSet }] };
  return { ...document, definitions: [{ ...operation, selectionSet: changed }] };
}

function hasKey(set: SelectionSetNode): boolean {
  return set.selections.some((it) => it.kind === Kind.FIELD && it.alias?.value === SUBJECT_KEY);
}
