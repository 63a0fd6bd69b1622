import { isContactPointNumber } from '@contactpoint/access/subject-number';
import type { SubjectDecision } from '@contactpoint/audit-log/access-event';
import type { ReachedCoordinate, ReachedSubject } from '@contactpoint/executor/hooks';
import { type GraphQLSchema, Kind, type ValueNode } from 'graphql';
import type { LoadedSupergraph } from '../supergraph.ts';
import type { SubjectDecisions } from './authorize-subjects.ts';
import { judgeCoordinate } from './merge.ts';
import { subjectCoordinatesBelow } from './operation-coordinates.ts';
import type { ParsedOperation } from './parse.ts';
import type { PlannedOperation } from './plan.ts';

/** A child that a root field names in its arguments, and what the operation selects of it. */
export interface NamedSubject {
  readonly id: string;
  readonly coordinates: readonly ReachedCoordinate[];
}

/**
 * Children named in arguments of root fields (`child(id:)`, `endInvolvement(childId:)`): they stand in the event even
 * where nothing came back. What is no ContactPoint number is left out; a caller can write anything there.
 */
export function namedSubjects(
  schema: GraphQLSchema,
  parsed: ParsedOperation,
  planned: PlannedOperation,
  variables: Readonly<Record<string, unknown>>,
): readonly NamedSubject[] {
  const named: NamedSubject[] = [];
  const root = schema.getRootType(parsed.operation.operation);
  const fields = parsed.operation.selectionSet.selections.filter(
    (selection) => selection.kind === Kind.FIELD,
  );
  for (const field of fields) {
    if (root?.getFields()[field.name.value] === undefined) continue;
    const coordinates = subjectCoordinatesBelow(planned.selected, field.alias?.value ?? field.name.value);
    if (coordinates.length === 0) continue;
    for (const { value } of field.arguments ?? []) {
      for (const id of stringsIn(value, variables)) {
        if (isContactPointNumber(id)) named.push({ id, coordinates });
      }
    }
  }
  return named;
}

function stringsIn(value: ValueNode, variables: Readonly<Record<string, unknown>>): readonly string[] {
  if (value.kind === Kind.STRING) return [value.value];
  if (value.kind === Kind.OBJECT) return value.fields.flatMap((field) => stringsIn(field.value, variables));
  if (value.kind !== Kind.VARIABLE) return [];
  const given = variables[value.name.value];
  if (typeof given === 'string') return [given];
  if (typeof given !== 'object' || given === null) return [];
  return Object.values(given).filter((part) => typeof part === 'string');
}

/**
 * What the decision released and withheld of each child, by coordinate, whether or not there was a value. What is below
 * a withheld field, or below a withheld child, is withheld with it.
 */
export function subjectAccess(
  supergraph: LoadedSupergraph,
  planned: PlannedOperation,
  decisions: SubjectDecisions,
  reached: readonly (ReachedSubject | NamedSubject)[],
): readonly SubjectDecision[] {
  const children = new Map<string, { released: Set<string>; withheld: Set<string>; policies: Set<string> }>();
  for (const { id, coordinates } of reached) {
    const child = children.get(id) ?? { released: new Set(), withheld: new Set(), policies: new Set() };
    children.set(id, child);
    const judge = (subjectField: string, coordinate: string) =>
      judgeCoordinate(supergraph, planned.refusals, decisions, id, subjectField, coordinate);

    for (const { subjectField, coordinate } of coordinates) {
      const [type] = subjectField.split('.') as [string];
      const verdicts = [
        judge(`${type}.id`, `${type}.id`),
        judge(subjectField, subjectField),
        judge(subjectField, coordinate),
      ];
      const released = verdicts.every((verdict) => verdict.released);
      (released ? child.released : child.withheld).add(coordinate);
      for (const policy of verdicts.flatMap((verdict) => verdict.policies)) child.policies.add(policy);
    }
    // One coordinate can be reached in two places; what was withheld in one of them is not called released.
    for (const coordinate of child.withheld) child.released.delete(coordinate);
  }
  return [...children].map(([child, { released, withheld, policies }]) => ({
    child,
    released: [...released].sort(),
    withheld: [...withheld].sort(),
    policies: [...policies].sort(),
  }));
}
