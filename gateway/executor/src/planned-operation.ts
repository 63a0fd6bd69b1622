import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLNamedType,
  GraphQLObjectType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
} from 'graphql';
import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  visit,
} from 'graphql';
import { PlanError } from './plan-error.ts';
import { type PlannedKey, SUBJECT_KEY } from './response-key.ts';
import { possibleTypes } from './type-condition.ts';

export interface PlannedOperationInput {
  /** API schema. */
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly refused: ReadonlySet<string>;
  readonly subjectTypes: ReadonlySet<string>;
  readonly plannedKey: PlannedKey;
}

/**
 * The operation as it is planned: without refused coordinates, introspection and what nobody uses any more; with every
 * subject's `id` and the `__typename` of every object whose type is not known beforehand. An object of which every field
 * is refused is still asked for, by its key or `__typename` alone: whether it is there is another coordinate's business,
 * and a mutation must not fall away because its result may not be read.
 *
 * @returns undefined when nothing is left to fetch.
 */
export function plannedOperation(input: PlannedOperationInput): DocumentNode | undefined {
  const { operation, schema } = input;
  const root = schema.getRootType(operation.operation);
  if (!root) throw new PlanError('UNSUPPORTED', `The schema has no ${operation.operation}`);

  const selections = select(input, operation.selectionSet, { type: root, runtime: [root] });
  if (selections.length === 0) return undefined;

  const selectionSet: SelectionSetNode = { kind: Kind.SELECTION_SET, selections };
  const used = variablesOf(selectionSet);
  const variableDefinitions = operation.variableDefinitions?.filter((it) => used.has(it.variable.name.value));
  return {
    kind: Kind.DOCUMENT,
    definitions: [
      { ...operation, directives: [], variableDefinitions: variableDefinitions ?? [], selectionSet },
    ],
  };
}

/** Where a selection stands: its type, and the object types that a value can have there. */
interface Scope {
  readonly type: GraphQLNamedType;
  readonly runtime: readonly GraphQLObjectType[];
}

function select(input: PlannedOperationInput, set: SelectionSetNode, scope: Scope): SelectionNode[] {
  return set.selections.flatMap((selection): SelectionNode[] => {
    if (selection.kind === Kind.FIELD) return selectField(input, selection, scope);

    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : input.fragments.get(selection.name.value);
    if (fragment === undefined) return [];
    const inside = narrow(input.schema, scope, fragment.typeCondition?.name.value);
    const selections = select(input, fragment.selectionSet, inside);
    if (selections.length === 0) return [];
    return [inlineFragment(inside.type.name, selections, selection.directives)];
  });
}

function selectField(input: PlannedOperationInput, field: FieldNode, scope: Scope): SelectionNode[] {
  const name = field.name.value;
  if (name.startsWith('__')) return [];
  if (input.refused.has(`${scope.type.name}.${name}`)) return [];

  const permitted = scope.runtime.filter((type) => !input.refused.has(`${type.name}.${name}`));
  if (permitted.length === scope.runtime.length) return [plannedField(input, field, scope.type)];
  return permitted.map((type) => inlineFragment(type.name, [plannedField(input, field, type)], []));
}

function plannedField(input: PlannedOperationInput, field: FieldNode, parent: GraphQLNamedType): FieldNode {
  const definition =
    isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[field.name.value] : undefined;
  if (definition === undefined) throw new PlanError('NO_PLAN', `No field ${parent.name}.${field.name.value}`);

  const key = input.plannedKey(field);
  const { alias: _alias, selectionSet, ...rest } = field;
  const renamed: FieldNode =
    key === field.name.value ? rest : { ...rest, alias: { kind: Kind.NAME, value: key } };
  const type = getNamedType(definition.type);
  if (selectionSet === undefined || !isCompositeType(type)) return renamed;

  const scope = { type, runtime: possibleTypes(input.schema, type) };
  const asked = select(input, selectionSet, scope);
  const hidden = hiddenSelections(input, scope);
  const selections = [...hidden, ...asked];
  if (!selections.some(isUnconditional)) selections.unshift(TYPENAME);
  return { ...renamed, selectionSet: { kind: Kind.SELECTION_SET, selections } };
}

/** Where all is conditional the planner asks for the object itself on that condition only, and it would seem absent. */
function isUnconditional(selection: SelectionNode): boolean {
  return selection.kind === Kind.FIELD && !selection.directives?.length;
}

function hiddenSelections({ subjectTypes }: PlannedOperationInput, scope: Scope): SelectionNode[] {
  if (!isAbstractType(scope.type)) return subjectTypes.has(scope.type.name) ? [SUBJECT_ID] : [];
  const subjects = scope.runtime.filter((type) => subjectTypes.has(type.name));
  return [TYPENAME, ...subjects.map((type) => inlineFragment(type.name, [SUBJECT_ID], []))];
}

function narrow(schema: GraphQLSchema, scope: Scope, condition: string | undefined): Scope {
  const type = condition === undefined ? scope.type : schema.getType(condition);
  if (type === undefined) throw new PlanError('NO_PLAN', `No type ${condition}`);
  const inside = new Set(possibleTypes(schema, type));
  return { type, runtime: scope.runtime.filter((it) => inside.has(it)) };
}

function variablesOf(selectionSet: SelectionSetNode): ReadonlySet<string> {
  const names = new Set<string>();
  visit(selectionSet, { Variable: ({ name }) => void names.add(name.value) });
  return names;
}

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/** A subject's `id`, under the executor's own alias. */
export const SUBJECT_ID: FieldNode = {
  kind: Kind.FIELD,
  alias: { kind: Kind.NAME, value: SUBJECT_KEY },
  name: { kind: Kind.NAME, value: 'id' },
};

function inlineFragment(
  type: string,
  selections: readonly SelectionNode[],
  directives: SelectionNode['directives'],
): SelectionNode {
  return {
    kind: Kind.INLINE_FRAGMENT,
    typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type } },
    directives: directives ?? [],
    selectionSet: { kind: Kind.SELECTION_SET, selections },
  };
}
