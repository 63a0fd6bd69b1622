import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { ParsedOperation } from './parse.ts';

/** Objects that a list is taken to hold where the operation does not say how many it wants. */
const USUAL_LENGTH = 10;

/** Argument that says how many items of a list are wanted: of the list itself, or of those in the page it returns. */
const LENGTH_ARGUMENT = 'first';

/** What an operation may cost, its variables given. */
type Cost = (variables: Readonly<Record<string, unknown>>) => number;

/**
 * Fields of the answer if every list were as long as it may be: what is below a list counts once for each item. Alone
 * of all limits it needs the variables, so what does not depend on them is worked out once for each operation.
 *
 * Introspection counts as it is written; GraphQL's own validation bounds how deep it goes.
 */
export function createOperationCost(
  schema: GraphQLSchema,
): (parsed: ParsedOperation, variables: Readonly<Record<string, unknown>>) => number {
  const known = new WeakMap<object, Cost>();
  return (parsed, variables) => {
    let cost = known.get(parsed.operation);
    if (cost === undefined) {
      cost = costOf(schema, parsed);
      known.set(parsed.operation, cost);
    }
    return cost(variables);
  };
}

function costOf(schema: GraphQLSchema, { document, operation }: ParsedOperation): Cost {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }

  /** @param inherited Length that a field above asked for, for the lists right below it. */
  const ofSet = (
    { selections }: SelectionSetNode,
    parent: GraphQLNamedType | undefined,
    inherited: Cost | undefined,
  ): Cost =>
    sum(
      selections.map((selection) => {
        if (selection.kind === Kind.FIELD) return ofField(selection, parent, inherited);
        const fragment =
          selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
        if (fragment === undefined) return constant(0);
        const condition = fragment.typeCondition?.name.value;
        const type = condition === undefined ? parent : schema.getType(condition);
        return ofSet(fragment.selectionSet, type, inherited);
      }),
    );

  const ofField = (
    field: FieldNode,
    parent: GraphQLNamedType | undefined,
    inherited: Cost | undefined,
  ): Cost => {
    const definition =
      isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[field.name.value] : undefined;
    if (field.selectionSet === undefined) return constant(1);
    const returned = definition === undefined ? undefined : getNamedType(definition.type);
    const argument = definition?.args.find(({ name }) => name === LENGTH_ARGUMENT);
    const asked = argument === undefined ? undefined : lengthAsked(field, argument.defaultValue);
    const isList = definition !== undefined && isListOfObjects(definition.type);
    const below = ofSet(field.selectionSet, returned, isList ? undefined : asked);
    if (!isList) return sum([constant(1), below]);
    return sum([constant(1), product(asked ?? inherited ?? constant(USUAL_LENGTH), below)]);
  };

  const root = schema.getRootType(operation.operation) ?? undefined;
  return ofSet(operation.selectionSet, root, undefined);
}

function lengthAsked(field: FieldNode, preset: unknown): Cost {
  const value = field.arguments?.find(({ name }) => name.value === LENGTH_ARGUMENT)?.value;
  if (value?.kind === Kind.VARIABLE) {
    const name = value.name.value;
    return (variables) => lengthOf(Object.hasOwn(variables, name) ? variables[name] : preset);
  }
  return constant(lengthOf(value?.kind === Kind.INT ? Number(value.value) : preset));
}

/** A length that is none, or less than one, is for the agency to refuse; it must not make the rest look cheap. */
function lengthOf(value: unknown): number {
  return typeof value === 'number' && value >= 1 ? value : USUAL_LENGTH;
}

function isListOfObjects(type: GraphQLOutputType): boolean {
  if (isNonNullType(type)) return isListOfObjects(type.ofType);
  return isListType(type) && isCompositeType(getNamedType(type));
}

/** Costs that do not depend on variables are numbers from the start. */
const constants = new WeakMap<Cost, number>();

function constant(value: number): Cost {
  const cost: Cost = () => value;
  constants.set(cost, value);
  return cost;
}

function sum(costs: readonly Cost[]): Cost {
  let known = 0;
  const open = costs.filter((cost) => {
    const value = constants.get(cost);
    known += value ?? 0;
    return value === undefined;
  });
  if (open.length === 0) return constant(known);
  return (variables) => open.reduce((total, cost) => total + cost(variables), known);
}

function product(length: Cost, below: Cost): Cost {
  const times = constants.get(length);
  const each = constants.get(below);
  if (times !== undefined && each !== undefined) return constant(times * each);
  return (variables) => length(variables) * below(variables);
}
