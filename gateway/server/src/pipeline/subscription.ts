import { AccessError } from '@contactpoint/access/access-error';
import type { ExecutionHooks, ReachedSubject, ResponseError } from '@contactpoint/executor/hooks';
import { StreamError } from '@contactpoint/executor/subgraphs/event-stream';
import { type GraphQLSchema, getNamedType, isAbstractType, isInterfaceType, isObjectType } from 'graphql';
import type { FactsCaller } from '../subgraphs/facts.ts';
import type { LoadedSupergraph } from '../supergraph.ts';
import { sessionEnded } from './authenticate.ts';
import type { SubjectDecisions } from './authorize-subjects.ts';
import { createEventPace } from './event-pace.ts';
import { judgeCoordinate, withheldError } from './merge.ts';
import type { OpenSubscriptions } from './open-subscriptions.ts';
import type { ParsedOperation } from './parse.ts';
import type { PlannedOperation } from './plan.ts';
import type { PipelineRequest } from './request.ts';
import type { Outcome } from './respond.ts';
import { rootFields } from './subject-access.ts';
import { accessOfStream, SubscriptionEvent } from './subscription-event.ts';

/** A subscription whose start is on record. Its events are requests; nothing of them is an answer yet. */
export interface OpenedSubscription {
  /** Ends with the subscription; throws StreamError where the agency's stream breaks, AccessError where it was ended. */
  readonly events: AsyncIterable<SubscriptionEvent>;
  close(): void;
}

/** @throws AccessError BAD_REQUEST where the transport takes one answer only. */
export function refuseUnstreamed({ streams, event }: PipelineRequest, { operation }: ParsedOperation): void {
  if (operation.operation !== 'subscription' || streams === true || event !== undefined) return;
  const message =
    'A subscription is answered by Server-Sent Events or over WebSocket: accept text/event-stream';
  throw new AccessError('BAD_REQUEST', message);
}

export interface OpeningParts {
  readonly supergraph: LoadedSupergraph;
  readonly subscriptions: OpenSubscriptions;
  /** Aborts when the supergraph is replaced: its streams end with it. */
  readonly replaced: AbortSignal;
  readonly now: () => Date;
}

export interface Opening {
  readonly request: PipelineRequest;
  readonly parsed: ParsedOperation;
  readonly planned: PlannedOperation;
  /** Until when the caller's token holds. */
  readonly expiresAt: Date;
  readonly caller: FactsCaller;
  readonly beforeFetch: ExecutionHooks['beforeFetch'];
}

/**
 * Subscription step: opens the stream of the one root field at the agency that has it. Nothing has been shown by then:
 * each event enters the pipeline as a request of its own.
 *
 * @throws AccessError SUBSCRIPTION_LIMIT_EXCEEDED.
 */
export async function openSubscription(
  { supergraph, subscriptions, replaced, now }: OpeningParts,
  { request, parsed, planned, expiresAt, caller, beforeFetch }: Opening,
): Promise<Outcome> {
  if (planned.prepared === undefined || request.operation.kind !== 'operation')
    throw new Error('Nothing is subscribed to that was not planned');
  const place = subscriptions.take(caller.sub);
  const closing = new AbortController();
  const expire = () => closing.abort(sessionEnded());
  const expiry = setTimeout(expire, expiresAt.getTime() - now().getTime()).unref();
  const close = (): void => {
    clearTimeout(expiry);
    closing.abort();
    place.release();
  };
  const leaving = request.signal === undefined ? [] : [request.signal];
  const signal = AbortSignal.any([closing.signal, place.signal, replaced, ...leaving]);
  try {
    const events = await supergraph.executor.subscribe({
      operation: planned.prepared,
      variables: request.operation.variables,
      hooks: { beforeFetch },
      signal,
    });
    if (events === undefined) {
      close();
      return refusedRoot(planned);
    }
    const access = accessOfStream(caller, planned, supergraph.version);
    const pace = createEventPace();
    const opened = async function* () {
      try {
        for await (const root of events) {
          await pace(signal);
          if (signal.aborted) break;
          yield new SubscriptionEvent(root, caller.sub, access);
        }
        if (signal.reason instanceof AccessError) throw signal.reason;
      } finally {
        close();
      }
    };
    return { status: 200, errors: [], outcome: 'RELEASED', subscription: { events: opened(), close } };
  } catch (cause) {
    close();
    if (!(cause instanceof StreamError)) throw cause;
    const [field] = rootFields(parsed);
    return notOpened(cause.error, field?.alias?.value ?? field?.name.value ?? '');
  }
}

/** The root field is not for the caller, whatever happens. */
function refusedRoot({ refusals }: PlannedOperation): Outcome {
  const places = refusals.places.filter(({ path }) => path.length === 1);
  const [first] = places;
  return {
    status: 200,
    data: null,
    errors: places.map(({ path, reason }) => ({ ...withheldError(reason), path: [...path] })),
    outcome: 'REFUSED',
    refusal: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', ...(first === undefined ? {} : { detail: first.reason }) },
  };
}

function notOpened({ message, extensions }: ResponseError, key: string): Outcome {
  return {
    status: 200,
    data: null,
    errors: [{ message, path: [key], extensions }],
    outcome: 'REFUSED',
    refusal: { code: extensions.code },
  };
}

/**
 * Whether an event is told at all. One of a field that leads to a person is told only where it shows one: that something
 * happened to somebody whom the caller may not know, and when, is not for the caller either.
 *
 * @param reached Subjects in the event, decided.
 */
export function isTold(
  { executor: { schema }, subjectTypes }: LoadedSupergraph,
  planned: PlannedOperation,
  decisions: SubjectDecisions | undefined,
  reached: readonly ReachedSubject[],
  data: Readonly<Record<string, unknown>> | null | undefined,
): boolean {
  const { selected, refusals } = planned;
  const leads = selected.some(({ coordinate }) => leadsToSubject(schema, subjectTypes, coordinate));
  if (!leads) return Object.values(data ?? {}).some((value) => value !== null);
  return reached.some(({ id, type }) => {
    const coordinate = `${type}.id`;
    return judgeCoordinate(refusals, decisions, id, coordinate, coordinate).released;
  });
}

function leadsToSubject(
  schema: GraphQLSchema,
  subjectTypes: ReadonlySet<string>,
  coordinate: string,
): boolean {
  const [typeName = '', fieldName = ''] = coordinate.split('.');
  const parent = schema.getType(typeName);
  const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[fieldName] : undefined;
  if (field === undefined) return false;
  const type = getNamedType(field.type);
  if (subjectTypes.has(type.name)) return true;
  return isAbstractType(type) && schema.getPossibleTypes(type).some(({ name }) => subjectTypes.has(name));
}
