import type { GraphQLFormattedError } from 'graphql';
import type { OpenedSubscription } from './subscription.ts';
import type { SubscriptionEvent } from './subscription-event.ts';

/** One operation as a transport hands it over: nothing in it has been looked at yet. */
export interface PipelineRequest {
  readonly headers: AccessHeaders;
  /** Network address of the caller; refusals before a caller is known are counted by it. */
  readonly source: string;
  /** Name of the client application, as it gives it; at most 100 characters are kept. */
  readonly client: string | undefined;
  readonly operation: SubmittedOperation;
  /** Whether the transport can carry more than one answer; one that says nothing carries one. */
  readonly streams?: boolean;
  /** Of a subscription that is open: what happened. Made by the subscription step, and by nobody else. */
  readonly event?: SubscriptionEvent;
  /** Aborts when the caller leaves. */
  readonly signal?: AbortSignal | undefined;
}

/** Header values as sent; undefined where a header is absent. */
export interface AccessHeaders {
  readonly authorization: string | undefined;
  readonly purpose: string | undefined;
  readonly reason: string | undefined;
  readonly override: string | undefined;
  readonly onBehalfOf: string | undefined;
}

export type SubmittedOperation =
  | {
      readonly kind: 'operation';
      readonly query: string;
      readonly operationName: string | undefined;
      readonly variables: Readonly<Record<string, unknown>>;
    }
  /** The transport could not make an operation of it. It still enters the pipeline, to be attributed and recorded. */
  | {
      readonly kind: 'unreadable';
      readonly status: number;
      readonly errors: readonly GraphQLFormattedError[];
    };

export interface PipelineResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: {
    readonly data?: Readonly<Record<string, unknown>> | null;
    readonly errors?: readonly GraphQLFormattedError[];
  };
  /** The operation was a subscription, and is open. */
  readonly subscription?: OpenedSubscription;
  /** Of an event: it is not told, and the body is empty. */
  readonly withheld?: true;
}
