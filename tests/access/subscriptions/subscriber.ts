import { createClient as createEventClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { TestSystem } from '../../running-system.ts';

/** One message to a subscriber, or the last word of the subscription. */
export interface Heard {
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever shape it asked for.
  readonly data?: any;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

export interface Subscriber {
  readonly heard: Heard[];
  /** How it ended: `complete`, or the error that the client library gave; undefined while it is open. */
  ended(): unknown;
  leave(): void;
}

export interface Subscribing {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly purpose?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: string;
}

export const TRANSPORTS = ['sse', 'ws'] as const;

export type Transport = (typeof TRANSPORTS)[number];

/** Subscribes as a persona with the client that the protocol's own authors publish. */
export async function subscribe(
  system: TestSystem,
  url: string,
  transport: Transport,
  persona: string,
  { query, variables = {}, purpose, headers = {}, token }: Subscribing,
): Promise<Subscriber> {
  const heard: Heard[] = [];
  let end: unknown;
  const sink = {
    next: (message: unknown) => void heard.push(message as Heard),
    error: (cause: unknown) => {
      end = cause;
    },
    complete: () => {
      end ??= 'complete';
    },
  };
  const sent = {
    authorization: `Bearer ${token ?? (await system.token(persona))}`,
    ...(purpose === undefined ? {} : { 'access-purpose': purpose }),
    'access-reason': 'Enquiry opened this morning',
    ...headers,
  };
  if (transport === 'sse') {
    const client = createEventClient({ url: `${url}/graphql`, headers: sent, retryAttempts: 0 });
    const leave = client.subscribe({ query, variables }, sink as never);
    return { heard, ended: () => end, leave };
  }
  const client = createSocketClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: sent,
    retryAttempts: 0,
    lazyCloseTimeout: 0,
  });
  const leave = client.subscribe({ query, variables }, sink as never);
  return { heard, ended: () => end, leave };
}

/** Codes of what ended it, whichever way the client library says it. */
export function codesOf(end: unknown): unknown[] {
  if (Array.isArray(end)) return end.map((each) => each?.extensions?.code);
  const { reason, code } = (end ?? {}) as { readonly reason?: unknown; readonly code?: unknown };
  return [reason === undefined || reason === '' ? code : reason];
}
