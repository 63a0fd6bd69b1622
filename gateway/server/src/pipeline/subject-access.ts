import { isContactPointNumber } from '@contactpoint/access/subject-number';
import type { SubjectDecision } from '@contactpoint/audit-log/access-event';
import type { ReachedCoordinate, ReachedSubject } from '@contactpoint/executor/hooks';
import {
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
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
 * where nothing came back, and nothing was selected of them but that they are there. What is no ContactPoint number is
 * left out; a caller can write anything there.
 */
export function namedSubjects(
  { classification, executor: { schema } }: LoadedSupergraph,
  parsed: ParsedOperation,
  planned: PlannedOperation,
  variables: Readonly<Record<string, unknown>>,
): readonly NamedSubject[] {
  const named: NamedSubject[] = [];
  const root = schema.getRootType(parsed.operation.operation)?.name;
  for (const field of rootFields(parsed)) {
    const sensitivity = classification.get(`${root}.${field.name.value}`);
    if (sensitivity === undefined || sensitivity.class === 'REFERENCE') continue;
    const coordinates = subjectCoordinatesBelow(planned.selected, field.alias?.value ?? field.name.value);
    for (const { value } of field.arguments ?? []) {
      for (const id of textsIn(value, parsed.operation, variables)) {
        if (isContactPointNumber(id)) named.push({ id, coordinates });
      }
    }
  }
  return named;
}

/** Fields at the root, also those in fragments, in the order of the text. */
function rootFields({ document, operation }: ParsedOperation): readonly FieldNode[] {
  const fields: FieldNode[] = [];
  const followed = new Set<string>();
  const walk = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) fields.push(selection);
      else if (selection.kind === Kind.INLINE_FRAGMENT) walk(selection.selectionSet);
      else if (!followed.has(selection.name.value)) {
        followed.add(selection.name.value);
        for (const definition of document.definitions) {
          if (definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value)
            walk(definition.selectionSet);
        }
      }
    }
  };
  walk(operation.selectionSet);
  return fields;
}

/** Every text that an argument may hold, wherever it stands in it; GraphQL takes a whole number for an `ID` as well. */
function textsIn(
  value: ValueNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): readonly string[] {
  switch (value.kind) {
    case Kind.STRING:
    case Kind.INT:
      return [value.value];
    case Kind.LIST:
      return value.values.flatMap((item) => textsIn(item, operation, variables));
    case Kind.OBJECT:
      return value.fields.flatMap((field) => textsIn(field.value, operation, variables));
    case Kind.VARIABLE: {
      const name = value.name.value;
      if (Object.hasOwn(variables, name)) return textsOf(variables[name]);
      const definition = operation.variableDefinitions?.find(({ variable }) => variable.name.value === name);
      return definition?.defaultValue === undefined
        ? []
        : textsIn(definition.defaultValue, operation, variables);
    }
    default:
      return [];
  }
}

/** A list of what is still to be looked at instead of recursion: the caller chooses how deep a variable is. */
function textsOf(given: unknown): readonly string[] {
  const texts: string[] = [];
  const waiting = [given];
  while (waiting.length > 0) {
    const part = waiting.pop();
    if (typeof part === 'string' || typeof part === 'number') texts.push(String(part));
    else if (typeof part === 'object' && part !== null)
      for (const inner of Object.values(part)) waiting.push(inner);
  }
  return texts;
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
