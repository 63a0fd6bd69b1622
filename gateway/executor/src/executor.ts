import { coerceVariables } from './coerce-variables.ts';
import type { ExecuteInput, ExecutionResult, Executor, ExecutorOptions } from './execution.ts';
import { runStep } from './interpreter.ts';
import { createPlanner, type Planner } from './plan.ts';
import { PLAN_LIMITS } from './planning/plan-size.ts';
import { rememberWithoutPlan } from './planning/without-plan.ts';
import { type OperationPlan, prepareOperation } from './prepare.ts';
import { Failures } from './records/failures.ts';
import { emptyRecord } from './records/record.ts';
import { introspect } from './release/introspect.ts';
import { ResponseErrors } from './release/response-errors.ts';
import { ResponsePath } from './release/response-path.ts';
import type { RunningOperation } from './running-operation.ts';
import type { FieldGroup } from './selections/collect-fields.ts';
import { createPlannedKey } from './selections/response-key.ts';
import { Abandonment } from './subgraphs/abandonment.ts';
import { createEventStreams } from './subgraphs/event-stream.ts';
import { createSubgraphClient, type SubgraphClient } from './subgraphs/subgraph-client.ts';
import { subscribe } from './subscribe.ts';

const FETCH_TIMEOUT = 5_000;
const OPERATION_TIMEOUT = 15_000;
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** @throws when the SDL is no supergraph, or a subgraph in it has no endpoint. */
export function createExecutor(options: ExecutorOptions): Executor {
  const planner = createPlanner(options);
  const { subjectTypes, operationTimeout = OPERATION_TIMEOUT, planLimits = PLAN_LIMITS } = options;
  const plannedKey = createPlannedKey(planner.supergraphSchema);
  const preparation = { planner, subjectTypes, plannedKey, planLimits, withoutPlan: rememberWithoutPlan() };
  const clients = connect(planner, options);
  const streams = createEventStreams({
    endpoints: options.endpoints,
    schema: planner.supergraphSchema,
    timeoutOf: (subgraph) => options.fetchTimeouts?.[subgraph] ?? options.fetchTimeout ?? FETCH_TIMEOUT,
    maxAnswerBytes: options.maxAnswerBytes ?? MAX_ANSWER_BYTES,
  });

  return {
    schema: planner.apiSchema,
    prepare(input) {
      const plan = prepareOperation(preparation, input);
      return { plan, subgraphs: plan.subgraphs };
    },
    execute: (input) => execute({ planner, clients, operationTimeout }, input),
    subscribe: (input) => subscribe(planner.apiSchema, streams, input),
    async close() {
      await streams.close();
      await Promise.all([planner, ...clients.values()].map((each) => each.close()));
    },
  };
}

function connect({ subgraphs }: Planner, options: ExecutorOptions): ReadonlyMap<string, SubgraphClient> {
  const { endpoints, fetchTimeout = FETCH_TIMEOUT, maxAnswerBytes = MAX_ANSWER_BYTES } = options;
  const { connect: open = createSubgraphClient, fetchTimeouts = {} } = options;
  const missing = subgraphs.filter((name) => endpoints[name] === undefined);
  if (missing.length > 0) throw new Error(`No endpoint for subgraph ${missing.join(', ')}`);
  const unknown = Object.keys(fetchTimeouts).filter((name) => !subgraphs.includes(name));
  if (unknown.length > 0) throw new Error(`A time-out for ${unknown.join(', ')}, which is no subgraph`);
  return new Map(
    subgraphs.map((name) => {
      const endpoint = new URL(endpoints[name] ?? '');
      const timeout = fetchTimeouts[name] ?? fetchTimeout;
      return [name, open({ endpoint, timeout, maxAnswerBytes }, name)];
    }),
  );
}

interface Parts {
  readonly planner: Planner;
  readonly clients: ReadonlyMap<string, SubgraphClient>;
  /** Milliseconds. */
  readonly operationTimeout: number;
}

async function execute(parts: Parts, input: ExecuteInput): Promise<ExecutionResult> {
  const { planner, clients, operationTimeout } = parts;
  const { hooks, signal } = input;
  const plan = input.operation.plan as OperationPlan;
  const schema = planner.apiSchema;
  const variables = coerceVariables(schema, plan.operation, input.variables);
  signal?.throwIfAborted();

  const { step, shape, reachedSubjects } = plan.variantFor(variables);
  const failures = new Failures();
  const root = emptyRecord();
  if (step !== undefined) {
    // Abandoned as well when a hook rejects: nothing goes on fetching for an answer that nobody will get.
    const abandonment = new Abandonment();
    const leave = (): void => abandonment.abandon();
    signal?.addEventListener('abort', leave, { once: true });
    const running: RunningOperation = {
      schema: planner.supergraphSchema,
      clients,
      hooks,
      event: input.event,
      givenVariables: input.variables,
      failures,
      deadline: performance.now() + operationTimeout,
      abandonment,
    };
    try {
      await runStep(running, step, [root]);
    } catch (cause) {
      abandonment.abandon();
      throw cause;
    } finally {
      signal?.removeEventListener('abort', leave);
    }
  }
  signal?.throwIfAborted();

  const gate = await hooks.beforeRelease(reachedSubjects(root));
  const errors = new ResponseErrors();
  const release = {
    gate,
    failures,
    errors,
    path: new ResponsePath(),
    introspect(group: FieldGroup) {
      const described = input.introspectionSchema?.(group.name) ?? schema;
      return introspect(described, plan.operation, plan.fragments, input.variables, group);
    },
  };
  const data = shape(release, root);
  for (const error of failures.placeless) errors.reportPlaceless(error);
  return { data, errors: errors.all };
}
