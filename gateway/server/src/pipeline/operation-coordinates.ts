import type { ReachedCoordinate } from '@contactpoint/executor/hooks';
import {
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  type InlineFragmentNode,
  isAbstractType,
  isInterfaceType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { ParsedOperation } from './parse.ts';

/** A coordinate that an operation selects, and where. */
export interface SelectedCoordinate {
  /** Field of the nearest subject above, `Child.socialCare`; undefined above the first subject. */
  readonly subjectField: string | undefined;
  /** As in `ReachedCoordinate`; above the first subject, from the root. */
  readonly through: readonly string[];
  /** `SocialCare.status` */
  readonly coordinate: string;
  /** Response key of the root field above it. */
  readonly rootKey: string;
  /** Response keys from the root, without list indexes. */
  readonly path: readonly string[];
  /** The coordinate is an interface's, which no object is asked for by: only Apollo's directives speak of it. */
  readonly ofInterface?: true;
}

/**
 * Every coordinate that the operation can reach, whatever its variables and whatever the data say. A field of an
 * interface or union member stands for the same field of each type that may be there.
 *
 * @param parsed Valid: fragments, types and fields that it names are there.
 */
export function selectedCoordinates(
  schema: GraphQLSchema,
  parsed: ParsedOperation,
  subjectTypes: ReadonlySet<string>,
): readonly SelectedCoordinate[] {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of parsed.document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const selected: SelectedCoordinate[] = [];

  const walk = (
    selectionSet: SelectionSetNode,
    parent: GraphQLCompositeType,
    subjectField: string | undefined,
    through: readonly string[],
    path: readonly string[],
  ): void => {
    for (const selection of selectionSet.selections) {
      if (selection.kind !== Kind.FIELD) {
        const fragment = (
          selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)
        ) as InlineFragmentNode | FragmentDefinitionNode;
        const condition = fragment.typeCondition?.name.value;
        const type = condition === undefined ? parent : (schema.getType(condition) as GraphQLCompositeType);
        walk(fragment.selectionSet, type, subjectField, through, path);
        continue;
      }
      const name = selection.name.value;
      const here = [...path, selection.alias?.value ?? name];
      const rootKey = here[0] as string;
      // `__typename` and introspection are fields of no type.
      if (isInterfaceType(parent) && parent.getFields()[name] !== undefined) {
        const coordinate = `${parent.name}.${name}`;
        const place = { rootKey, path: here, ofInterface: true } as const;
        selected.push({ subjectField: undefined, through: [], coordinate, ...place });
      }
      for (const type of typesIn(schema, parent)) {
        const field = type.getFields()[name];
        if (field === undefined) continue;
        const coordinate = `${type.name}.${name}`;
        const isOfSubject = subjectTypes.has(type.name);
        const place = isOfSubject ? { subjectField: coordinate, through: [] } : { subjectField, through };
        selected.push({ ...place, coordinate, rootKey, path: here });
        if (selection.selectionSet === undefined) continue;
        const returned = getNamedType(field.type) as GraphQLCompositeType;
        const way = isOfSubject ? [] : [...through, coordinate];
        walk(selection.selectionSet, returned, place.subjectField, way, here);
      }
    }
  };

  const root = schema.getRootType(parsed.operation.operation) as GraphQLObjectType;
  walk(parsed.operation.selectionSet, root, undefined, [], []);
  return selected;
}

function typesIn(schema: GraphQLSchema, type: GraphQLCompositeType): readonly GraphQLObjectType[] {
  return isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
}

/** By the list of what the operation selects, and root key. */
const below = new WeakMap<readonly SelectedCoordinate[], Map<string, readonly ReachedCoordinate[]>>();

/** Coordinates of the subject that stands right below the root field `rootKey`: the same list for the same operation. */
export function subjectCoordinatesBelow(
  selected: readonly SelectedCoordinate[],
  rootKey: string,
): readonly ReachedCoordinate[] {
  const known = below.get(selected) ?? new Map<string, readonly ReachedCoordinate[]>();
  below.set(selected, known);
  const coordinates = known.get(rootKey) ?? coordinatesBelow(selected, rootKey);
  known.set(rootKey, coordinates);
  return coordinates;
}

function coordinatesBelow(
  selected: readonly SelectedCoordinate[],
  rootKey: string,
): readonly ReachedCoordinate[] {
  return selected.flatMap(({ subjectField, through, coordinate, rootKey: root }) => {
    if (root !== rootKey || subjectField === undefined) return [];
    return through.length === 0 ? [{ subjectField, coordinate }] : [{ subjectField, through, coordinate }];
  });
}
