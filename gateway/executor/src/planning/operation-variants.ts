import type { FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { ReachedSubject } from '../hooks.ts';
import type { DataRecord } from '../records/record.ts';
import { createSubjectReach } from '../release/reached-subjects.ts';
import { createShaper, type ShapeResponse } from '../release/shape.ts';
import { createFieldCollector } from '../selections/collect-fields.ts';
import { conditionsOf, isIncluded, type SelectionTest } from '../selections/conditions.ts';
import type { PlannedKey } from '../selections/response-key.ts';
import { PlanError } from './plan-error.ts';
import type { PlanStep } from './plan-step.ts';

/** An operation, once it is known what `@skip` and `@include` leave of it. */
export interface OperationVariant {
  /** Undefined when no subgraph has to be asked. */
  readonly step: PlanStep | undefined;
  readonly shape: ShapeResponse;
  /** Every subject that the data hold, see `createSubjectReach`. */
  reachedSubjects(root: DataRecord): ReachedSubject[];
}

/** @param variables Coerced. */
export type VariantFor = (variables: Readonly<Record<string, unknown>>) => OperationVariant;

export interface VariantsInput {
  /** API schema. */
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly refused: ReadonlySet<string>;
  readonly subjectTypes: ReadonlySet<string>;
  readonly plannedKey: PlannedKey;
  /** @throws PlanError */
  readonly plan: (isSelected: SelectionTest) => PlanStep | undefined;
}

/** Kept for each operation, of the many that its conditions allow: those that were asked for last. */
const KEPT = 4;

/**
 * Plans an operation, and collects its fields, once for each way that its conditions can fall instead of for each request:
 * both follow from the text and from the variables that `@skip` and `@include` name, and from nothing else. Whoever decides
 * about fields finds the same lists again, and can keep what was decided with them.
 *
 * The planner never sees a condition. It plans what remains, so that nothing is fetched for what a client has skipped; of
 * several fields with one condition Hive Router's planner may fetch one without it (0.0.38: seen), which of a mutation
 * would be a deed that nobody asked for.
 */
export function createOperationVariants(input: VariantsInput): VariantFor {
  const { operation, refused, subjectTypes, schema, fragments, plannedKey } = input;
  const rootType = schema.getRootType(operation.operation);
  if (!rootType) throw new PlanError('UNSUPPORTED', `The schema has no ${operation.operation}`);
  const conditions = conditionsOf(operation, fragments);
  const kept = new Map<string, OperationVariant>();
  const keepAsLast = (key: string, variant: OperationVariant): void => {
    kept.delete(key);
    kept.set(key, variant);
  };

  return (variables) => {
    const key = JSON.stringify(conditions.map((name) => variables[name] ?? null));
    const known = kept.get(key);
    if (known !== undefined) {
      if (conditions.length > 0) keepAsLast(key, known);
      return known;
    }
    const given = Object.fromEntries(conditions.map((name) => [name, variables[name]]));
    const collector = createFieldCollector({
      schema,
      rootType,
      fragments,
      plannedKey,
      selectionSet: operation.selectionSet,
      variables: given,
    });
    const variant = {
      step: input.plan((selection) => isIncluded(selection, given)),
      shape: createShaper({ collector, refused, subjectTypes }),
      reachedSubjects: createSubjectReach({ schema, collector, subjectTypes }),
    };
    keepAsLast(key, variant);
    const [oldest] = kept.keys();
    if (oldest !== undefined && kept.size > KEPT) kept.delete(oldest);
    return variant;
  };
}
