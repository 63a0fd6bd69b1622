import type { DocumentNode, GraphQLSchema, SelectionSetNode } from 'graphql';
import { Kind, parse } from 'graphql';
import { entitySelections, fetchText, operationOf } from './fetch-text.ts';
import type { FetchNode, PlanNode } from './plan.ts';
import type { FetchStep, PlanStep } from './plan-step.ts';
import { SUBJECT_ID } from './planned-operation.ts';
import { SUBJECT_KEY } from './response-key.ts';

export interface StepsInput {
  /** The supergraph's. */
  readonly schema: GraphQLSchema;
  readonly subjectTypes: ReadonlySet<string>;
}

/** Makes a plan ready to run. */
export function planSteps(input: StepsInput, node: PlanNode): PlanStep {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel':
      return { kind: node.kind, steps: node.nodes.map((it) => planSteps(input, it)) };
    case 'Flatten':
      return { kind: 'Flatten', path: node.path, step: planSteps(input, node.node) };
    case 'Condition':
      return {
        kind: 'Condition',
        variable: node.variable,
        whenTrue: node.whenTrue && planSteps(input, node.whenTrue),
        whenFalse: node.whenFalse && planSteps(input, node.whenFalse),
      };
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
    case 'Condition': {
      const branches = [step.whenTrue, step.whenFalse].filter((it) => it !== undefined);
      return [...new Set(branches.flatMap(subgraphsOf))];
    }
    case 'Fetch':
      return [step.subgraph];
  }
}

function fetchStep({ schema, subjectTypes }: StepsInput, node: FetchNode): FetchStep {
  const isEntityFetch = node.requires !== undefined;
  const planned = parse(node.query, { noLocation: true });
  const document = isEntityFetch ? withEchoedKey(planned, subjectTypes) : planned;
  const renames = node.outputRewrites.filter((it) => it.kind === 'RENAME');
  return {
    kind: 'Fetch',
    subgraph: node.subgraph,
    operation: node.operation,
    operationName: node.operationName,
    text: fetchText(schema, document, isEntityFetch),
    requires: node.requires,
    inputRewrites: node.inputRewrites,
    outputRewrites: node.outputRewrites,
    renamed: new Map(renames.map(({ path, to }) => [path.at(-1) ?? to, to])),
    pruned: new Map(),
  };
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
