import { AccessError } from '@contactpoint/access/access-error';
import type { AccessEvent, AccessOutcome } from '@contactpoint/audit-log/access-event';
import { VariablesError } from '@contactpoint/executor/coerce-variables';
import type { ResponseError } from '@contactpoint/executor/hooks';
import { PlanError } from '@contactpoint/executor/plan-error';
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
 * The last answer of a subscription that broke. It shows nothing, so it is on no record.
 *
 * @param error What the agency's stream came to; undefined for a mistake of our own.
 */
export function respondBroken(error: ResponseError | undefined): PipelineResponse {
  const own = { message: 'The subscription broke', extensions: { code: 'INTERNAL_SERVER_ERROR' } };
  return { status: error === undefined ? 500 : 502, headers: {}, body: { errors: [error ?? own] } };
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
  if (cause instanceof PlanError && cause.code !== 'NO_PLAN') {
    return unreadable(400, [{ message: cause.message, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
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
