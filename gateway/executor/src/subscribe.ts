import type { GraphQLSchema } from 'graphql';
import { coerceVariables } from './coerce-variables.ts';
import type { RootEvents, SubscribeInput } from './execution.ts';
import type { FetchStep, PlanStep } from './planning/plan-step.ts';
import type { OperationPlan } from './prepare.ts';
import { attachErrors, failWhole } from './records/attach-errors.ts';
import { mergeInto } from './records/merge.ts';
import { readRoot } from './records/read-answer.ts';
import { type DataRecord, emptyRecord } from './records/record.ts';
import { unavailable } from './records/subgraph-error.ts';
import { RootEvent } from './root-event.ts';
import type { RunningOperation } from './running-operation.ts';
import type { EventStreams } from './subgraphs/event-stream.ts';
import type { SubgraphAnswer } from './subgraphs/subgraph-answer.ts';

/** @throws StreamError, what the hook throws, and VariablesError. */
export async function subscribe(
  schema: GraphQLSchema,
  streams: EventStreams,
  { operation, variables: given, hooks, signal }: SubscribeInput,
): Promise<RootEvents | undefined> {
  const plan = operation.plan as OperationPlan;
  const step = subscriptionOf(plan.variantFor(coerceVariables(schema, plan.operation, given)).step);
  if (step === undefined) return undefined;
  const { subgraph, text } = step;
  const variables: DataRecord = emptyRecord();
  for (const name of text.variableNames) if (given[name] !== undefined) variables[name] = given[name];

  const { query, coordinates } = text;
  const pending = { subgraph, kind: 'subscription', query, variables, coordinates } as const;
  const [request, ...others] = await hooks.beforeFetch({ ...pending, representations: undefined });
  if (others.length > 0) throw new TypeError('A subscription takes at most one request');
  if (request === undefined) return undefined;
  const extensions = request.extensions({ query, variables, coordinates });
  const answers = await streams.open(subgraph, { query, variables, extensions }, signal);
  return eventsIn(query, answers);
}

async function* eventsIn(query: string, answers: AsyncIterable<SubgraphAnswer>): RootEvents {
  for await (const answer of answers) yield new RootEvent(query, answer);
}

/** The one fetch that is a stream: a subscription has one root field. */
function subscriptionOf(step: PlanStep | undefined): FetchStep | undefined {
  if (step?.kind === 'Sequence') return subscriptionOf(step.steps[0]);
  return step?.kind === 'Fetch' && step.operation === 'subscription' ? step : undefined;
}

/** Puts an event where the answer of a fetch at the root would be. */
export function takeEvent(running: RunningOperation, step: FetchStep, objects: readonly DataRecord[]): void {
  const { event, failures, schema } = running;
  if (event === undefined) throw new TypeError('A subscription is executed event by event');
  const places = [{ objects, decoy: false }];
  const answer = readRoot(schema, step, step.text, event.answerTo(step));
  if (answer === undefined) {
    failWhole(failures, step, step.text, places, unavailable(step.subgraph));
    return;
  }
  for (const object of objects) if (answer.record !== undefined) mergeInto(object, answer.record);
  attachErrors(running, step, step.text, places, answer.errors, answer.record === undefined);
}
