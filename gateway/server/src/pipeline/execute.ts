import type { ExecutionResult } from '@contactpoint/executor/execution';
import type { ReachedSubject } from '@contactpoint/executor/hooks';
import type { FactsCaller } from '../subgraphs/facts.ts';
import type { GrantSigner } from '../subgraphs/grants.ts';
import type { LoadedSupergraph } from '../supergraph.ts';
import type { Admit } from './admission.ts';
import type { SubjectDecisions } from './authorize-subjects.ts';
import { createFetchStep, type FetchStepOptions } from './fetch.ts';
import type { FieldAccessOf } from './field-access.ts';
import { FIELD_ACCESS, fieldAccessSchema } from './field-access-question.ts';
import { createMergeStep } from './merge.ts';
import { outcomeOf } from './outcome-of.ts';
import type { ParsedOperation } from './parse.ts';
import type { PlannedOperation } from './plan.ts';
import type { Readers } from './readers.ts';
import type { Outcome } from './respond.ts';
import type { Trail } from './trail.ts';
import type { VisibleSchema } from './visible-schema.ts';

export interface ExecutionParts {
  readonly supergraph: LoadedSupergraph;
  readonly admit: Admit;
  readonly grants: GrantSigner;
  readonly now: () => Date;
  readonly visibleSchema: VisibleSchema;
  readonly fieldAccess: FieldAccessOf;
}

export interface Execution {
  readonly readers: Readers;
  readonly caller: FactsCaller;
  readonly decisions: SubjectDecisions | undefined;
  /** Children decided with override. */
  readonly overridden: ReadonlySet<string>;
  /** All numbers of the children whom questions to the log name. */
  readonly numbers: Readonly<Record<string, readonly string[]>>;
  /** @throws AccessError where the result may not be released. */
  readonly settle: (reached: readonly ReachedSubject[], result: ExecutionResult) => Promise<void>;
  readonly onAsked: FetchStepOptions['onAsked'];
}

/**
 * Execute step: asks the agencies by the plan, shapes the answer, and settles what it shows before it is anything more.
 *
 * @throws what `settle` throws, and AbortError where the caller of a query left.
 */
export async function execute(
  { supergraph, admit, grants, now, visibleSchema, fieldAccess }: ExecutionParts,
  trail: Trail,
  parsed: ParsedOperation,
  planned: PlannedOperation,
  { readers, caller, decisions, overridden, numbers, settle, onAsked }: Execution,
): Promise<Outcome> {
  const { request } = trail;
  const { principal, mediator } = readers;
  if (planned.prepared === undefined || request.operation.kind !== 'operation')
    throw new Error('Nothing is executed that was not planned');
  let reached: readonly ReachedSubject[] = [];
  const { data, errors } = await supergraph.executor.execute({
    operation: planned.prepared,
    variables: request.operation.variables,
    introspectionSchema: (field) =>
      field === FIELD_ACCESS
        ? fieldAccessSchema((purpose) => fieldAccess(readers, purpose))
        : visibleSchema(principal, mediator),
    event: request.event?.root,
    hooks: {
      beforeFetch: createFetchStep({
        supergraph,
        admit,
        grants,
        caller,
        decisions,
        overridden,
        numbers,
        now,
        onGrant: (jti) => trail.jtis.push(jti),
        onAsked,
      }),
      beforeRelease: createMergeStep({
        refusals: planned.refusals,
        decisions,
        role: principal.role,
        mediatorRole: mediator?.role,
        onReached: (subjects) => {
          reached = subjects;
        },
      }),
    },
    ...(request.signal === undefined || parsed.operation.operation === 'mutation'
      ? {}
      : { signal: request.signal }),
  });
  await settle(reached, { data, errors });
  const isMutation = parsed.operation.operation === 'mutation';
  const outcome = outcomeOf({ data, errors }, isMutation ? { answered: reached.length > 0 } : undefined);
  return { status: 200, data: data ?? null, errors, outcome };
}
