import type {
  DirectiveNode,
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLNamedType,
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
import { isCondition, type SelectionTest } from '../selections/conditions.ts';
import { type PlannedKey, SUBJECT_KEY } from '../selections/response-key.ts';
import { type ConcreteType, possibleTypes } from '../selections/type-condition.ts';
import { PlanError } from './plan-error.ts';
import { TYPENAME } from './with-typenames.ts';

export interface PlannedOperationInput {
  /** API schema. */
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly refused: ReadonlySet<string>;
  readonly subjectTypes: ReadonlySet<string>;
  readonly plannedKey: PlannedKey;
  /** Of selections with `@skip` or `@include`, what is planned. */
  readonly isSelected: SelectionTest;
  /** Types of which a subgraph knows no more than the interface: what an object is, another one has to be asked. */
  readonly interfaceObjects: ReadonlySet<string>;
}

/**
 * The operation as it is planned: without refused coordinates, conditions, introspection and what nobody uses any more;
 * with every subject's `id`, and the `__typename` of objects whose subgraph may not know it. An object of which every field
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
  readonly runtime: readonly ConcreteType[];
}

function select(input: PlannedOperationInput, set: SelectionSetNode, scope: Scope): SelectionNode[] {
  return set.selections.filter(input.isSelected).flatMap((selection): SelectionNode[] => {
    if (selection.kind === Kind.FIELD) return selectField(input, selection, scope);

    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : input.fragments.get(selection.name.value);
    if (fragment === undefined) return [];
    const inside = narrow(input.schema, scope, fragment.typeCondition?.name.value);
    const selections = select(input, fragment.selectionSet, inside);
    if (selections.length === 0) return [];
    return [inlineFragment(inside.type.name, selections, unconditional(selection.directives))];
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
  const asked: FieldNode = { ...rest, directives: unconditional(field.directives) };
  const renamed: FieldNode =
    key === field.name.value ? asked : { ...asked, alias: { kind: Kind.NAME, value: key } };
  const type = getNamedType(definition.type);
  if (selectionSet === undefined || !isCompositeType(type)) return renamed;

  const scope = { type, runtime: possibleTypes(input.schema, type) };
  const selections = [...hiddenSelections(input, scope), ...select(input, selectionSet, scope)];
  if (selections.length === 0) selections.push(TYPENAME);
  return { ...renamed, selectionSet: { kind: Kind.SELECTION_SET, selections } };
}

function hiddenSelections(input: PlannedOperationInput, { type, runtime }: Scope): SelectionNode[] {
  const { subjectTypes, interfaceObjects } = input;
  if (!isAbstractType(type)) return subjectTypes.has(type.name) ? [SUBJECT_ID] : [];
  const subjects = runtime.filter((it) => subjectTypes.has(it.name));
  const typename = interfaceObjects.has(type.name) && runtime.some(isObjectType) ? [TYPENAME] : [];
  return [...typename, ...subjects.map((it) => inlineFragment(it.name, [SUBJECT_ID], []))];
}

function unconditional(directives: readonly DirectiveNode[] = []): readonly DirectiveNode[] {
  return directives.filter((it) => !isCondition(it));
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
