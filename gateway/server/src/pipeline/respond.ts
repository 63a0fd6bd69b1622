import { AccessError, type AccessErrorCode } from '@contactpoint/access/access-error';
import type { AccessEvent, AccessOutcome } from '@contactpoint/audit-log/access-event';
import { VariablesError } from '@contactpoint/executor/coerce-variables';
import { PlanError } from '@contactpoint/executor/planning/plan-error';
import { PlanSizeError } from '@contactpoint/executor/planning/plan-size';
import { StreamError } from '@contactpoint/executor/subgraphs/event-stream';
import type { GraphQLFormattedError } from 'graphql';
import type { Receipt } from './audit.ts';
import { OperationError } from './parse.ts';
import type { Counted } from './refusal-counter.ts';
import type { PipelineResponse } from './request.ts';
import type { OpenedSubscription } from './subscription.ts';

/** How an operation ended, before anyone outside knows. */
export interface Outcome {
  readonly status: number;
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors: readonly GraphQLFormattedError[];
  /** For the event. */
  readonly outcome: AccessOutcome;
  readonly refusal?: AccessEvent['refusal'];
  /** Of a subscription that was opened. */
  readonly subscription?: OpenedSubscription;
  /** Of an event: whether it may be told at all; of anything else absent. */
  readonly isTold?: boolean;
  /** Seconds after which it may be asked again (RFC 9110 §10.2.3). */
  readonly retryAfter?: number;
}

/** Nobody reads it; it is what proxies log for a caller who closed the connection. */
const CALLER_LEFT = 499;

/** The last step: nothing leaves without proof that it was recorded, or counted where nobody was known. */
export function respond(
  receipt: Receipt | Counted,
  { status, data, errors, retryAfter, subscription, isTold = true }: Outcome,
): PipelineResponse {
  return {
    status,
    headers: {
      'cache-control': 'no-store',
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
      ...('index' in receipt ? { 'access-log': `${receipt.origin} ${receipt.index}` } : {}),
    },
    body: isTold
      ? { ...(data === undefined ? {} : { data }), ...(errors.length === 0 ? {} : { errors }) }
      : {},
    ...(subscription === undefined ? {} : { subscription }),
    ...(isTold ? {} : { withheld: true }),
  };
}

/**
 * The last answer of a subscription that did not end by itself. It shows nothing, so it is on no record.
 *
 * @param cause AccessError where it was ended, StreamError where the agency's stream broke; anything else is ours.
 */
export function respondEnded(cause: unknown): PipelineResponse {
  if (cause instanceof AccessError) return respondUnrecorded(cause);
  if (cause instanceof StreamError) return { status: 502, headers: {}, body: { errors: [cause.error] } };
  const own = { message: 'The subscription broke', extensions: { code: 'INTERNAL_SERVER_ERROR' } };
  return { status: 500, headers: {}, body: { errors: [own] } };
}

/** The answer when recording itself failed: no data, no receipt, whatever the outcome had been. */
export function respondUnrecorded(cause: AccessError): PipelineResponse {
  return {
    status: cause.status,
    headers: { 'cache-control': 'no-store' },
    body: { errors: [{ message: cause.message, extensions: { code: cause.code } }] },
  };
}

/**
 * The one mapping of errors to the wire.
 *
 * @param correlationId Named in the answer where the cause must not be; it is in the gateway's own log.
 */
export function refusalOf(cause: unknown, correlationId: string): Outcome {
  if (cause instanceof PlanError) return withoutPlan(cause, correlationId);
  if (cause instanceof AccessError) {
    const detail = Object.values(cause.extensions).find((value) => typeof value === 'string');
    const retryAfter = cause.extensions['retryAfter'];
    return {
      status: cause.status,
      errors: [{ message: cause.message, extensions: { ...cause.extensions, code: cause.code } }],
      outcome: 'REFUSED',
      refusal: { code: cause.code, ...(detail === undefined ? {} : { detail }) },
      ...(typeof retryAfter === 'number' ? { retryAfter } : {}),
    };
  }
  if (cause instanceof OperationError) return unreadable(400, cause.errors);
  if (cause instanceof VariablesError) {
    return unreadable(400, [{ message: cause.message, extensions: { code: 'BAD_USER_INPUT' } }]);
  }
  if (cause instanceof Error && cause.name === 'AbortError') {
    return unreadable(CALLER_LEFT, [
      { message: 'The caller left', extensions: { code: 'REQUEST_CANCELLED' } },
    ]);
  }
  return {
    status: 500,
    errors: [
      {
        message: 'The request could not be completed',
        extensions: { code: 'INTERNAL_SERVER_ERROR', correlationId },
      },
    ],
    outcome: 'REFUSED',
    refusal: { code: 'INTERNAL_SERVER_ERROR', detail: correlationId },
  };
}

/** What the planner says of an operation stays below; it may quote it. */
function withoutPlan(cause: PlanError, correlationId: string): Outcome {
  const refused = (code: AccessErrorCode, message: string, extensions: Readonly<Record<string, unknown>>) =>
    refusalOf(new AccessError(code, message, { extensions }), correlationId);
  if (cause instanceof PlanSizeError)
    return refused('OPERATION_TOO_COMPLEX', cause.message, { limit: cause.limit });
  if (cause.code === 'NO_PLAN')
    return refused('OPERATION_NOT_PLANNABLE', 'No plan leads to all that is asked for', { correlationId });
  if (cause.code === 'NO_PLANNER')
    return refused('PLANNER_UNAVAILABLE', 'New operations cannot be planned at the moment', {
      correlationId,
      retryAfter: 1,
    });
  return unreadable(400, [{ message: cause.message, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
}

/** A request that is no operation, in the words of whoever found that out. */
export function unreadable(status: number, errors: readonly GraphQLFormattedError[]): Outcome {
  const code = errors[0]?.extensions?.['code'];
  return {
    status,
    errors,
    outcome: 'REFUSED',
    refusal: { code: typeof code === 'string' ? code : 'BAD_REQUEST' },
  };
}
