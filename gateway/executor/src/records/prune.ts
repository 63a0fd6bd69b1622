import type {
  FieldNode,
  GraphQLNamedType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
} from 'graphql';
import { getNamedType, isInterfaceType, isObjectType, Kind } from 'graphql';
import { entitySelections, fetchText, operationOf, variablesOf } from '../planning/fetch-text.ts';
import type { FetchStep, FetchText } from '../planning/plan-step.ts';
import { SUBJECT_KEY } from '../selections/response-key.ts';
import { possibleTypes } from '../selections/type-condition.ts';

/**
 * A fetch's text without some coordinates. A field of an interface goes when any object type behind it is omitted: what
 * the planner knew of a subgraph's types is not known here, so it cannot be asked for type by type. Cached on the step.
 *
 * @returns undefined when nothing but `__typename` and the echoed key would be left.
 */
export function prunedText(
  schema: GraphQLSchema,
  step: FetchStep,
  omit: ReadonlySet<string>,
): FetchText | undefined {
  if (omit.size === 0) return step.text;
  const relevant = step.text.coordinates.filter((coordinate) => omit.has(coordinate));
  if (relevant.length === 0) return step.text;
  const key = relevant.sort().join(' ');
  if (step.pruned.has(key)) return step.pruned.get(key);
  const text = prune(schema, step, new Set(relevant));
  step.pruned.set(key, text);
  const [oldest] = step.pruned.keys();
  if (oldest !== undefined && step.pruned.size > KEPT) step.pruned.delete(oldest);
  return text;
}

/** Texts of a step: what may be left out follows from few decisions, and is bounded all the same. */
const KEPT = 64;

function prune(schema: GraphQLSchema, step: FetchStep, omit: ReadonlySet<string>): FetchText | undefined {
  const operation = operationOf(step.text.document);
  const isEntityFetch = step.requires !== undefined;
  const root = isEntityFetch ? undefined : (schema.getRootType(operation.operation) ?? undefined);
  const asked = isEntityFetch ? entitySelections(operation) : operation.selectionSet;

  const selectionSet = pruneSet({ schema, omit }, root, asked);
  if (selectionSet === undefined || !selectsSomething(selectionSet)) return undefined;
  const pruned = withSelections(operation, isEntityFetch, selectionSet);
  const used = new Set([...variablesOf(pruned), 'representations']);
  const variableDefinitions = (operation.variableDefinitions ?? []).filter((it) =>
    used.has(it.variable.name.value),
  );
  return fetchText(
    schema,
    { kind: Kind.DOCUMENT, definitions: [{ ...pruned, variableDefinitions }] },
    isEntityFetch,
  );
}

interface Pruning {
  readonly schema: GraphQLSchema;
  readonly omit: ReadonlySet<string>;
}

function pruneSet(
  pruning: Pruning,
  parent: GraphQLNamedType | undefined,
  set: SelectionSetNode,
): SelectionSetNode | undefined {
  const selections = set.selections.flatMap((selection): SelectionNode[] => {
    if (selection.kind === Kind.FIELD) return pruneField(pruning, parent, selection);
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    const condition = selection.typeCondition?.name.value;
    const type = condition === undefined ? parent : pruning.schema.getType(condition);
    const selectionSet = pruneSet(pruning, type, selection.selectionSet);
    return selectionSet === undefined ? [] : [{ ...selection, selectionSet }];
  });
  return selections.length === 0 ? undefined : { ...set, selections };
}

function pruneField(
  pruning: Pruning,
  parent: GraphQLNamedType | undefined,
  field: FieldNode,
): SelectionNode[] {
  const name = field.name.value;
  if (isOwn(field) || (!isObjectType(parent) && !isInterfaceType(parent))) return [field];
  const omitted = possibleTypes(pruning.schema, parent).some((type) =>
    pruning.omit.has(`${type.name}.${name}`),
  );
  if (omitted) return [];
  const definition = parent.getFields()[name];
  if (field.selectionSet === undefined || definition === undefined) return [field];

  const selectionSet = pruneSet(pruning, getNamedType(definition.type), field.selectionSet);
  // The object itself may be read, so it is asked for: its fields are withheld where it is there.
  return [{ ...field, selectionSet: selectionSet ?? ONLY_TYPENAME }];
}

/** Whether anything but what the executor asks for on its own account is left. */
function selectsSomething(set: SelectionSetNode): boolean {
  return set.selections.some((selection) =>
    selection.kind === Kind.INLINE_FRAGMENT ? selectsSomething(selection.selectionSet) : !isOwn(selection),
  );
}

function isOwn(selection: SelectionNode): boolean {
  if (selection.kind !== Kind.FIELD) return false;
  return selection.name.value === '__typename' || selection.alias?.value === SUBJECT_KEY;
}

function withSelections(
  operation: OperationDefinitionNode,
  isEntityFetch: boolean,
  selectionSet: SelectionSetNode,
): OperationDefinitionNode {
  if (!isEntityFetch) return { ...operation, selectionSet };
  const [entities] = operation.selectionSet.selections;
  const selections = entities?.kind === Kind.FIELD ? [{ ...entities, selectionSet }] : [];
  return { ...operation, selectionSet: { ...operation.selectionSet, selections } };
}

const ONLY_TYPENAME: SelectionSetNode = {
  kind: Kind.SELECTION_SET,
  selections: [{ kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } }],
};
