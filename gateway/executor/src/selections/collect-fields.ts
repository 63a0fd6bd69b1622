import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLField,
  GraphQLSchema,
  SelectionSetNode,
} from 'graphql';
import { getNamedType, Kind } from 'graphql';
import { type Completion, completionOf } from '../release/completion.ts';
import { isIncluded } from './conditions.ts';
import type { PlannedKey } from './response-key.ts';
import { type ConcreteType, satisfies } from './type-condition.ts';

/** All selections of one response key on one object type. */
export interface FieldGroup {
  readonly responseKey: string;
  /** Where the fetched data hold it. */
  readonly plannedKey: string;
  readonly name: string;
  readonly parentType: ConcreteType;
  /** Undefined for `__typename` and questions about the schema. */
  readonly definition: GraphQLField<unknown, unknown> | undefined;
  /** Of the definition's type; undefined as it is. */
  readonly completion: Completion | undefined;
  /** `Child.conditions` */
  readonly coordinate: string;
  /** Of the interfaces through which alone the field was selected; empty where it was selected on the type itself. */
  readonly interfaceCoordinates: readonly string[];
  readonly nodes: readonly FieldNode[];
}

export interface FieldCollector {
  /** Fields of the operation's root, in the order of the response. */
  readonly root: readonly FieldGroup[];
  /** Fields selected below a group, for an object of that type. */
  below(group: FieldGroup, type: ConcreteType): readonly FieldGroup[];
}

export interface CollectorInput {
  readonly schema: GraphQLSchema;
  readonly rootType: ConcreteType;
  readonly selectionSet: SelectionSetNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Coerced: they decide `@skip` and `@include`. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly plannedKey: PlannedKey;
}

/**
 * CollectFields for one set of variables, each selection and type once.
 *
 * @see https://spec.graphql.org/October2021/#CollectFields()
 */
export function createFieldCollector(input: CollectorInput): FieldCollector {
  const collected = new Map<FieldGroup, Map<ConcreteType, readonly FieldGroup[]>>();
  return {
    root: collect(input, input.rootType, [input.selectionSet], input.rootType.name),
    below(group, type) {
      let types = collected.get(group);
      if (types === undefined) {
        types = new Map();
        collected.set(group, types);
      }
      const known = types.get(type);
      if (known !== undefined) return known;
      const sets = group.nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
      const scope = group.definition ? getNamedType(group.definition.type).name : type.name;
      const fields = collect(input, type, sets, scope);
      types.set(type, fields);
      return fields;
    },
  };
}

/** Filled while selections are visited. */
interface Draft {
  readonly nodes: FieldNode[];
  readonly interfaces: Set<string>;
  isOnType: boolean;
}

function collect(
  input: CollectorInput,
  type: ConcreteType,
  sets: readonly SelectionSetNode[],
  scope: string,
): FieldGroup[] {
  const drafts = new Map<string, Draft>();
  const visited = new Set<string>();
  for (const set of sets) visitSelections(input, type, set, scope, visited, drafts);
  return [...drafts].map(([responseKey, draft]) => toGroup(input, type, responseKey, draft));
}

function visitSelections(
  input: CollectorInput,
  type: ConcreteType,
  set: SelectionSetNode,
  scope: string,
  visited: Set<string>,
  drafts: Map<string, Draft>,
): void {
  for (const selection of set.selections) {
    if (!isIncluded(selection, input.variables)) continue;
    if (selection.kind === Kind.FIELD) {
      const key = (selection.alias ?? selection.name).value;
      let draft = drafts.get(key);
      if (draft === undefined) {
        draft = { nodes: [], interfaces: new Set(), isOnType: false };
        drafts.set(key, draft);
      }
      draft.nodes.push(selection);
      if (scope === type.name) draft.isOnType = true;
      else draft.interfaces.add(scope);
      continue;
    }
    const isSpread = selection.kind === Kind.FRAGMENT_SPREAD;
    if (isSpread && visited.has(selection.name.value)) continue;
    if (isSpread) visited.add(selection.name.value);
    const fragment = isSpread ? input.fragments.get(selection.name.value) : selection;
    if (fragment === undefined) continue;
    const condition = fragment.typeCondition?.name.value;
    if (condition !== undefined && !satisfies(input.schema, type.name, condition)) continue;
    visitSelections(input, type, fragment.selectionSet, condition ?? scope, visited, drafts);
  }
}

function toGroup(
  { schema, plannedKey }: CollectorInput,
  parentType: ConcreteType,
  responseKey: string,
  { nodes, interfaces, isOnType }: Draft,
): FieldGroup {
  const [first] = nodes;
  const name = first?.name.value ?? responseKey;
  const definition = parentType.getFields()[name];
  return {
    responseKey,
    plannedKey: first === undefined ? responseKey : plannedKey(first),
    name,
    parentType,
    definition,
    completion: definition && completionOf(schema, definition.type),
    coordinate: `${parentType.name}.${name}`,
    interfaceCoordinates: isOnType ? [] : [...interfaces].map((it) => `${it}.${name}`),
    nodes,
  };
}
