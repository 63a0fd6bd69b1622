import type { GraphQLObjectType, GraphQLSchema } from 'graphql';
import { getNamedType, isCompositeType } from 'graphql';
import type { FieldCollector, FieldGroup } from './collect-fields.ts';
import type { ReachedCoordinate, ReachedSubject } from './hooks.ts';
import { type DataRecord, isRecord, own } from './record.ts';
import { runtimeType } from './runtime-type.ts';
import { subjectId } from './subject-id.ts';
import { possibleTypes } from './type-condition.ts';

export interface Reach {
  /** API schema. */
  readonly schema: GraphQLSchema;
  readonly collector: FieldCollector;
  readonly subjectTypes: ReadonlySet<string>;
}

/**
 * Every subject that the data hold, once for each place of the operation it was reached by. Its coordinates are those
 * selected, whether or not there is a value.
 */
export function reachedSubjects(reach: Reach, root: DataRecord): ReachedSubject[] {
  const subjects = new Map<readonly ReachedCoordinate[], Map<string, ReachedSubject>>();
  const coordinates = new Map<FieldGroup, Map<GraphQLObjectType, readonly ReachedCoordinate[]>>();

  function coordinatesOf(group: FieldGroup, type: GraphQLObjectType): readonly ReachedCoordinate[] {
    const types = coordinates.get(group) ?? new Map<GraphQLObjectType, readonly ReachedCoordinate[]>();
    coordinates.set(group, types);
    const selected = types.get(type) ?? coordinatesBelow(reach, group, type);
    types.set(type, selected);
    return selected;
  }

  function visit(group: FieldGroup, value: unknown): void {
    if (Array.isArray(value)) {
      for (const item of value) visit(group, item);
      return;
    }
    const declared = group.definition && getNamedType(group.definition.type);
    if (!isRecord(value) || !isCompositeType(declared)) return;
    const type = runtimeType(reach.schema, declared, value);
    if (type === undefined) return;
    if (reach.subjectTypes.has(type.name)) {
      const id = subjectId(value);
      const selected = coordinatesOf(group, type);
      const here = subjects.get(selected) ?? new Map<string, ReachedSubject>();
      if (id !== undefined) here.set(id, { id, type: type.name, coordinates: selected });
      subjects.set(selected, here);
    }
    for (const field of reach.collector.below(group, type)) visit(field, own(value, field.plannedKey));
  }

  for (const field of reach.collector.root) visit(field, own(root, field.plannedKey));
  return [...subjects.values()].flatMap((here) => [...here.values()]);
}

/** From a subject down to the next one, that one's own fields excluded. */
function coordinatesBelow(reach: Reach, group: FieldGroup, type: GraphQLObjectType): ReachedCoordinate[] {
  const found = new Map<string, ReachedCoordinate>();

  function add(field: FieldGroup, subjectField: string): void {
    const declared = field.definition && getNamedType(field.definition.type);
    if (declared === undefined) return;
    const { coordinate } = field;
    found.set(`${subjectField} ${coordinate}`, { subjectField, coordinate });
    for (const each of possibleTypes(reach.schema, declared)) {
      if (reach.subjectTypes.has(each.name)) continue;
      for (const below of reach.collector.below(field, each)) add(below, subjectField);
    }
  }

  for (const field of reach.collector.below(group, type)) add(field, field.coordinate);
  return [...found.values()];
}
