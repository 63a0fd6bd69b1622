import type { SubjectDecision } from '@contactpoint/audit-log/access-event';
import type { ReachedCoordinate, ReachedSubject } from '@contactpoint/executor/hooks';
import {
  type FieldNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLScalarType,
  getArgumentValues,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { LoadedSupergraph } from '../supergraph.ts';
import { numbersIn } from './argument-numbers.ts';
import type { SubjectDecisions } from './authorize-subjects.ts';
import { subjectCoordinatesBelow } from './operation-coordinates.ts';
import type { ParsedOperation } from './parse.ts';
import type { PlannedOperation } from './plan.ts';
import { type CoordinateAccess, joinAccess } from './verdicts.ts';

/** A child that a root field names in its arguments, and what the operation selects of it. */
export interface NamedSubject {
  readonly id: string;
  readonly coordinates: readonly ReachedCoordinate[];
}

/**
 * Children named in arguments of root fields (`child(id:)`, `endInvolvement(childId:)`): they stand in the event even
 * where nothing came back, and nothing was selected of them but that they are there. What is no ContactPoint number is
 * left out; a caller can write anything there.
 *
 * @param variables Coerced, with defaults.
 */
export function namedSubjects(
  { classification, executor: { schema } }: LoadedSupergraph,
  parsed: ParsedOperation,
  planned: Pick<PlannedOperation, 'selected'>,
  variables: Readonly<Record<string, unknown>>,
): readonly NamedSubject[] {
  const named: NamedSubject[] = [];
  const root = schema.getRootType(parsed.operation.operation) as GraphQLObjectType;
  for (const field of rootFields(parsed)) {
    const name = field.name.value;
    const definition = root.getFields()[name];
    if (definition === undefined || classification.get(`${root.name}.${name}`)?.class === 'REFERENCE')
      continue;
    const coordinates = subjectCoordinatesBelow(planned.selected, field.alias?.value ?? name);
    const given = argumentsOf(definition, field, variables);
    const ids = definition.args.flatMap((each) => numbersIn(each, given[each.name], isText));
    named.push(...ids.map((id) => ({ id, coordinates })));
  }
  return named;
}

/** Any text can hold a number: a caller can write anything there, and who was looked for is to be on record. */
const isText = (_name: string, type: GraphQLScalarType) => type.name === 'ID' || type.name === 'String';

/** By operation. */
const roots = new WeakMap<object, readonly FieldNode[]>();

/** Fields at the root, also those in fragments, in the order of the text. */
export function rootFields(parsed: ParsedOperation): readonly FieldNode[] {
  const fields = roots.get(parsed.operation) ?? findRootFields(parsed);
  roots.set(parsed.operation, fields);
  return fields;
}

function findRootFields({ document, operation }: ParsedOperation): readonly FieldNode[] {
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

/** Empty where the arguments do not fit: then the field is answered with an error, and nobody was named. */
export function argumentsOf(
  definition: GraphQLField<unknown, unknown>,
  field: FieldNode,
  variables: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  try {
    return getArgumentValues(definition, field, variables);
  } catch (cause) {
    if (cause instanceof GraphQLError) return {};
    throw cause;
  }
}

/** What the decision released and withheld of each child, each child once. */
export function subjectAccess(
  { refusals }: Pick<PlannedOperation, 'refusals'>,
  decisions: SubjectDecisions,
  reached: readonly (ReachedSubject | NamedSubject)[],
): readonly SubjectDecision[] {
  const places = new Map<string, CoordinateAccess[]>();
  for (const { id, coordinates } of reached) {
    const access = refusals.under(decisions.of(id)).over(coordinates);
    const known = places.get(id);
    if (known === undefined) places.set(id, [access]);
    else known.push(access);
  }
  return [...places].map(([child, access]) => ({ child, ...joinAccess(access) }));
}
