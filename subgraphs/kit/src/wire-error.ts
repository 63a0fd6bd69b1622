import { randomUUID } from 'node:crypto';
import type { FastifyBaseLogger } from 'fastify';
import { GraphQLError } from 'graphql';
import { SubgraphError } from './subgraph-error.ts';

/** An error as it stands in an answer. */
export interface WireError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>> & { readonly code: string };
}

/** What a whole request can be refused with, and its HTTP status where the request is a single one. */
export const REFUSAL_STATUS = {
  UNAUTHENTICATED: 401,
  BAD_USER_INPUT: 400,
  GRAPHQL_PARSE_FAILED: 400,
  GRAPHQL_VALIDATION_FAILED: 400,
  UNSUPPORTED_MEDIA_TYPE: 415,
  PAYLOAD_TOO_LARGE: 413,
  INTERNAL_SERVER_ERROR: 500,
} as const;

export type RefusalCode = keyof typeof REFUSAL_STATUS;

export function refusal(code: RefusalCode, message: string): WireError {
  return { message, extensions: { code } };
}

/**
 * The one mapping of errors to the wire. What a resolver says on purpose passes; of anything else the caller learns a
 * correlation id, under which the log holds the kind of error and where it arose, but no message: a database's messages
 * quote values.
 */
export function wireError(error: unknown, log: FastifyBaseLogger): WireError {
  const path = error instanceof GraphQLError || hasPath(error) ? error.path : undefined;
  const place = path === undefined ? {} : { path };
  const cause = originOf(error);
  if (cause instanceof SubgraphError)
    return { message: cause.message, ...place, extensions: { ...cause.extensions, code: cause.code } };

  const correlationId = randomUUID();
  log.error({ correlationId, ...describe(cause), path: path?.join('.') }, 'a request failed');
  return {
    message: 'Internal server error',
    ...place,
    extensions: { code: 'INTERNAL_SERVER_ERROR', correlationId },
  };
}

/** Kind and place of an error without its message: `{ kind, code, frames }`. */
export function describe(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { kind: typeof error };
  const { code } = error as { readonly code?: unknown };
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    kind: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    frames: frames?.slice(0, 8).map((line) => line.trim()),
  };
}

function originOf(error: unknown): unknown {
  let origin = error;
  for (let depth = 0; depth < 5; depth++) {
    const { originalError } = origin as { readonly originalError?: unknown };
    if (originalError === undefined || originalError === null) break;
    origin = originalError;
  }
  return origin;
}

function hasPath(error: unknown): error is { readonly path?: readonly (string | number)[] } {
  return Array.isArray((error as { readonly path?: unknown } | null)?.path);
}
