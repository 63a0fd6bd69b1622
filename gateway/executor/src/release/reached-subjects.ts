import type { GraphQLSchema } from 'graphql';
import { getNamedType } from 'graphql';
import type { ReachedCoordinate, ReachedSubject } from '../hooks.ts';
import { type DataRecord, isRecord, own } from '../records/record.ts';
import type { FieldCollector, FieldGroup } from '../selections/collect-fields.ts';
import { type ConcreteType, possibleTypes } from '../selections/type-condition.ts';
import { type CompositeCompletion, compositeIn, runtimeType } from './completion.ts';
import { subjectId } from './subject-id.ts';

export interface Reach {
  /** API schema. */
  readonly schema: GraphQLSchema;
  readonly collector: FieldCollector;
  readonly subjectTypes: ReadonlySet<string>;
}

/**
 * Finds every subject that the data hold, once for each place of the operation it was reached by. Its coordinates are
 * those selected, whether or not there is a value: the same list for whatever stands in the same place.
 */
export function createSubjectReach(reach: Reach): (root: DataRecord) => ReachedSubject[] {
  const coordinates = new Map<FieldGroup, Map<ConcreteType, readonly ReachedCoordinate[]>>();

  function coordinatesOf(group: FieldGroup, type: ConcreteType): readonly ReachedCoordinate[] {
    const types = coordinates.get(group) ?? new Map<ConcreteType, readonly ReachedCoordinate[]>();
    coordinates.set(group, types);
    const selected = types.get(type) ?? coordinatesBelow(reach, group, type);
    types.set(type, selected);
    return selected;
  }

  const composites = new Map<FieldGroup, CompositeCompletion | undefined>();

  /** Undefined where no subject can stand at the field, nor below it. */
  function compositeOf(group: FieldGroup): CompositeCompletion | undefined {
    if (composites.has(group)) return composites.get(group);
    const composite = group.completion && compositeIn(group.completion);
    const possible = [...(composite?.possible.values() ?? [])];
    const leads = possible.some(
      (type) =>
        reach.subjectTypes.has(type.name) ||
        reach.collector.below(group, type).some((field) => compositeOf(field) !== undefined),
    );
    composites.set(group, leads ? composite : undefined);
    return leads ? composite : undefined;
  }

  function visit(subjects: SubjectsByPlace, group: FieldGroup, value: unknown): void {
    const composite = compositeOf(group);
    if (composite === undefined) return;
    if (Array.isArray(value)) {
      for (const item of value) visit(subjects, group, item);
      return;
    }
    if (!isRecord(value)) return;
    const type = runtimeType(composite, value);
    if (type === undefined) return;
    if (reach.subjectTypes.has(type.name)) {
      const id = subjectId(value);
      const selected = coordinatesOf(group, type);
      const here = subjects.get(selected) ?? new Map<string, ReachedSubject>();
      if (id !== undefined) here.set(id, { id, type: type.name, coordinates: selected });
      subjects.set(selected, here);
    }
    for (const field of reach.collector.below(group, type))
      visit(subjects, field, own(value, field.plannedKey));
  }

  return (root) => {
    const subjects: SubjectsByPlace = new Map();
    for (const field of reach.collector.root) visit(subjects, field, own(root, field.plannedKey));
    return [...subjects.values()].flatMap((here) => [...here.values()]);
  };
}

type SubjectsByPlace = Map<readonly ReachedCoordinate[], Map<string, ReachedSubject>>;

/** From a subject down to the next one, that one's own fields excluded; each by every way that leads to it. */
function coordinatesBelow(reach: Reach, group: FieldGroup, type: ConcreteType): ReachedCoordinate[] {
  const found = new Map<string, ReachedCoordinate>();

  function add(field: FieldGroup, above: readonly string[]): void {
    const declared = field.definition && getNamedType(field.definition.type);
    if (declared === undefined) return;
    const way = [...above, field.coordinate];
    found.set(way.join(' '), reachedBy(way));
    for (const each of possibleTypes(reach.schema, declared)) {
      if (reach.subjectTypes.has(each.name)) continue;
      for (const below of reach.collector.below(field, each)) add(below, way);
    }
  }

  for (const field of reach.collector.below(group, type)) add(field, []);
  return [...found.values()];
}

/** @param way Coordinates from the subject's own field down to the one that is reached. */
function reachedBy(way: readonly string[]): ReachedCoordinate {
  const subjectField = way[0] as string;
  const coordinate = way.at(-1) as string;
  const through = way.slice(1, -1);
  return through.length === 0 ? { subjectField, coordinate } : { subjectField, through, coordinate };
}
