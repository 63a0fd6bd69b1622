import {
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { operationOf, variablesOf } from './fetch-text.ts';
import { PlanError } from './plan-error.ts';
import type { FetchNode, PlanNode } from './plan-node.ts';
import type { PathStep } from './plan-step.ts';
import { SUBJECT_ID } from './planned-operation.ts';
import { TYPENAME } from './with-typenames.ts';

export interface SplitInput {
  /** The supergraph's. */
  readonly schema: GraphQLSchema;
  readonly subjectTypes: ReadonlySet<string>;
}

/**
 * Takes what a subscription tells of a person out of the stream: an event says who, by key alone, and everything else is
 * fetched by entity when the event is there. A stream is opened once, and what may be known of whom is decided anew for
 * each event: a record that came with the event would be there before the decision, and under a grant that knew nothing
 * of it.
 *
 * @throws PlanError UNSUPPORTED where the fetch needs rewriting, which would miss what was moved.
 */
export function splitSubscription(input: SplitInput, node: PlanNode): PlanNode {
  if (node.kind === 'Sequence') {
    const [first, ...rest] = node.nodes;
    return first === undefined
      ? node
      : { kind: 'Sequence', nodes: [splitSubscription(input, first), ...rest] };
  }
  if (node.kind !== 'Fetch' || node.operation !== 'subscription')
    throw new PlanError('NO_PLAN', 'The plan of a subscription does not begin with one');
  if (node.outputRewrites.length > 0)
    throw new PlanError('UNSUPPORTED', 'A subscription whose fields clash is not supported');

  const operation = operationOf(node.document);
  const moved: PlanNode[] = [];
  const root = input.schema.getRootType(operation.operation) ?? undefined;
  const take = (selections: readonly SelectionNode[], type: string, path: readonly PathStep[]): void => {
    moved.push({
      kind: 'Flatten',
      paths: [path],
      node: entityFetch(node.subgraph, type, selections, operation),
    });
  };
  const selectionSet = withoutRecords({ ...input, take }, root, operation.selectionSet, []);
  const stream = { ...operation, selectionSet };
  const document = { ...node.document, definitions: [withUsedVariables(stream)] };
  return {
    kind: 'Sequence',
    nodes: [
      { ...node, document },
      { kind: 'Parallel', nodes: moved },
    ],
  };
}

interface Taking extends SplitInput {
  readonly take: (selections: readonly SelectionNode[], type: string, path: readonly PathStep[]) => void;
}

function withoutRecords(
  taking: Taking,
  parent: GraphQLNamedType | undefined,
  set: SelectionSetNode,
  path: readonly PathStep[],
): SelectionSetNode {
  if (parent !== undefined && taking.subjectTypes.has(parent.name)) {
    const selections = set.selections.filter((it) => !isKey(it));
    if (selections.length > 0) taking.take(selections, parent.name, path);
    return { ...set, selections: [TYPENAME, SUBJECT_ID, KEY] };
  }
  const selections = set.selections.map((selection): SelectionNode => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return selection;
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const condition = selection.typeCondition?.name.value;
      const type = condition === undefined ? parent : taking.schema.getType(condition);
      const inside =
        condition === undefined ? path : [...path, { kind: 'TYPE' as const, names: [condition] }];
      return { ...selection, selectionSet: withoutRecords(taking, type, selection.selectionSet, inside) };
    }
    if (selection.selectionSet === undefined) return selection;
    const key = (selection.alias ?? selection.name).value;
    const inside = [...path, { kind: 'KEY' as const, key }];
    const type = typeOf(parent, selection);
    return { ...selection, selectionSet: withoutRecords(taking, type, selection.selectionSet, inside) };
  });
  return { ...set, selections };
}

function typeOf(parent: GraphQLNamedType | undefined, { name }: FieldNode): GraphQLNamedType | undefined {
  const definition =
    isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name.value] : undefined;
  if (definition === undefined) throw new PlanError('NO_PLAN', `No field ${parent?.name}.${name.value}`);
  return getNamedType(definition.type);
}

const KEY: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: 'id' } };

/** Under whatever alias: the key is what the event itself tells, so an alias of it is fetched with the rest. */
function isKey(selection: SelectionNode): boolean {
  if (selection.kind !== Kind.FIELD) return false;
  const { name, alias } = selection;
  if (alias !== undefined && alias.value !== SUBJECT_ID.alias?.value) return false;
  return name.value === 'id' || name.value === '__typename';
}

function entityFetch(
  subgraph: string,
  type: string,
  selections: readonly SelectionNode[],
  { variableDefinitions }: OperationDefinitionNode,
): FetchNode {
  const set = (inside: readonly SelectionNode[]): SelectionSetNode => ({
    kind: Kind.SELECTION_SET,
    selections: inside,
  });
  const operation: OperationDefinitionNode = {
    kind: Kind.OPERATION_DEFINITION,
    operation: 'query' as OperationDefinitionNode['operation'],
    variableDefinitions: [REPRESENTATIONS, ...(variableDefinitions ?? [])],
    selectionSet: set([
      {
        ...ENTITIES,
        selectionSet: set([
          {
            kind: Kind.INLINE_FRAGMENT,
            typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type } },
            selectionSet: set(selections),
          },
        ]),
      },
    ]),
  };
  const required = (key: string) => ({ kind: 'Field' as const, key, as: key, selections: undefined });
  return {
    kind: 'Fetch',
    subgraph,
    operation: 'query',
    document: { kind: Kind.DOCUMENT, definitions: [withUsedVariables(operation)] },
    requires: [{ kind: 'Fragment', type, selections: [required('__typename'), required('id')] }],
    inputRewrites: [],
    outputRewrites: [],
  };
}

function withUsedVariables(operation: OperationDefinitionNode): OperationDefinitionNode {
  const used = new Set([...variablesOf(operation), 'representations']);
  const variableDefinitions = (operation.variableDefinitions ?? []).filter((it) =>
    used.has(it.variable.name.value),
  );
  return { ...operation, variableDefinitions };
}

const REPRESENTATIONS_VARIABLE = {
  kind: Kind.VARIABLE,
  name: { kind: Kind.NAME, value: 'representations' },
} as const;

const REPRESENTATIONS = {
  kind: Kind.VARIABLE_DEFINITION,
  variable: REPRESENTATIONS_VARIABLE,
  type: {
    kind: Kind.NON_NULL_TYPE,
    type: {
      kind: Kind.LIST_TYPE,
      type: {
        kind: Kind.NON_NULL_TYPE,
        type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: '_Any' } },
      },
    },
  },
} as const;

const ENTITIES = {
  kind: Kind.FIELD,
  name: { kind: Kind.NAME, value: '_entities' },
  arguments: [
    {
      kind: Kind.ARGUMENT,
      name: { kind: Kind.NAME, value: 'representations' },
      value: REPRESENTATIONS_VARIABLE,
    },
  ],
} as const;
