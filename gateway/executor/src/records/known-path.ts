import {
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { entitySelections, operationOf } from '../planning/fetch-text.ts';
import type { FetchStep, FetchText } from '../planning/plan-step.ts';
import type { PathSegment } from './failures.ts';

/**
 * As much of a subgraph's path as the text explains: what else it writes there must not reach the wire. A key is one that the
 * text asks for, and an index stands where the field is a list, and nowhere else: a number may be a record's as well as a
 * word.
 *
 * @param schema The supergraph's.
 * @param path From the root of the data, or from the entity.
 */
export function knownPath(
  schema: GraphQLSchema,
  step: FetchStep,
  text: FetchText,
  path: readonly unknown[],
): PathSegment[] {
  const operation = operationOf(text.document);
  const isEntityFetch = step.requires !== undefined;
  const parent = isEntityFetch ? undefined : (schema.getRootType(operation.operation) ?? undefined);
  let here: readonly Place[] = [
    { parent, set: isEntityFetch ? entitySelections(operation) : operation.selectionSet },
  ];
  let lists = 0;
  const known: PathSegment[] = [];
  for (const segment of path) {
    if (lists > 0) {
      if (typeof segment !== 'number' || !Number.isSafeInteger(segment) || segment < 0) break;
      lists -= 1;
    } else {
      if (typeof segment !== 'string') break;
      const fields = here.flatMap((place) => fieldsUnder(schema, place, segment));
      if (fields.length === 0) break;
      lists = Math.max(...fields.map(({ type }) => (type === undefined ? 0 : listsOf(type))));
      here = fields.flatMap(placeBelow);
    }
    known.push(segment);
  }
  return known;
}

interface Place {
  /** Undefined above the fragments of an entity fetch. */
  readonly parent: GraphQLNamedType | undefined;
  readonly set: SelectionSetNode;
}

interface AskedField {
  readonly field: FieldNode;
  /** Undefined for `__typename`. */
  readonly type: GraphQLOutputType | undefined;
}

/** Several where fragments of different types ask under one key. */
function fieldsUnder(schema: GraphQLSchema, { parent, set }: Place, key: string): AskedField[] {
  return set.selections.flatMap((selection): AskedField[] => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const condition = selection.typeCondition?.name.value;
      const type = condition === undefined ? parent : schema.getType(condition);
      return fieldsUnder(schema, { parent: type, set: selection.selectionSet }, key);
    }
    if ((selection.alias ?? selection.name).value !== key) return [];
    const fields = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields() : {};
    return [{ field: selection, type: fields[selection.name.value]?.type }];
  });
}

function placeBelow({ field: { selectionSet }, type }: AskedField): Place[] {
  return selectionSet === undefined ? [] : [{ parent: type && getNamedType(type), set: selectionSet }];
}

/** How many indexes lead from the field to one of its values. */
function listsOf(type: GraphQLOutputType): number {
  if (isNonNullType(type)) return listsOf(type.ofType);
  return isListType(type) ? 1 + listsOf(type.ofType) : 0;
}
