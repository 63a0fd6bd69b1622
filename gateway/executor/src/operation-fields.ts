import {
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { type CollectorInput, createFieldCollector, type FieldCollector } from './collect-fields.ts';
import type { ReachedSubject } from './hooks.ts';
import { createSubjectReach } from './reached-subjects.ts';
import type { DataRecord } from './record.ts';

/** What an operation selects, once it is known what `@skip` and `@include` leave of it. */
export interface OperationFields {
  readonly collector: FieldCollector;
  /** Every subject that the data hold, see `createSubjectReach`. */
  reachedSubjects(root: DataRecord): ReachedSubject[];
}

/** @param variables Coerced. */
export type FieldsOf = (variables: Readonly<Record<string, unknown>>) => OperationFields;

export type OperationFieldsInput = Omit<CollectorInput, 'selectionSet' | 'variables'> & {
  readonly operation: OperationDefinitionNode;
  readonly subjectTypes: ReadonlySet<string>;
};

/** Kept for each operation, of the many that its conditions allow. */
const KEPT = 16;

/**
 * Collects an operation's fields once instead of for each request: they follow from the text and from the variables that
 * `@skip` and `@include` name, and from nothing else. Whoever decides about fields finds the same lists again, and can keep
 * what was decided with them.
 */
export function createOperationFields(input: OperationFieldsInput): FieldsOf {
  const { operation, subjectTypes, ...collected } = input;
  const conditions = conditionsOf(operation, input.fragments);
  const kept = new Map<string, OperationFields>();

  return (variables) => {
    const key = JSON.stringify(conditions.map((name) => variables[name] ?? null));
    const known = kept.get(key);
    if (known !== undefined) return known;
    const given = Object.fromEntries(conditions.map((name) => [name, variables[name]]));
    const collector = createFieldCollector({
      ...collected,
      selectionSet: operation.selectionSet,
      variables: given,
    });
    const reachedSubjects = createSubjectReach({ schema: input.schema, collector, subjectTypes });
    const fields = { collector, reachedSubjects };
    if (kept.size < KEPT) kept.set(key, fields);
    return fields;
  };
}

/** Names of the variables by which selections are left out. */
function conditionsOf(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): string[] {
  const names = new Set<string>();
  const conditional: readonly string[] = [GraphQLSkipDirective.name, GraphQLIncludeDirective.name];
  for (const definition of [operation, ...fragments.values()]) {
    visit(definition, {
      Directive(directive) {
        if (!conditional.includes(directive.name.value)) return;
        for (const { value } of directive.arguments ?? [])
          if (value.kind === Kind.VARIABLE) names.add(value.name.value);
      },
    });
  }
  return [...names].sort();
}
