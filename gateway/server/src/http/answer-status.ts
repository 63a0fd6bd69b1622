import type { PipelineResponse } from '../pipeline/request.ts';

/** Codes of requests that were well-formed, and whose operation cannot be run. */
const NOT_RUN: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'INCREMENTAL_DELIVERY_UNSUPPORTED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
]);

/**
 * The status of an answer. Who asks for `application/json` by name is told in the body alone that an operation cannot be
 * run: before there was a media type of its own a status meant the way there, and clients from then take nothing but 200
 * for an answer. Refusals of access keep theirs.
 *
 * @param accept The header as it was sent.
 * @see https://graphql.github.io/graphql-over-http/draft/#sec-application-json
 */
export function answerStatus(
  { status, body }: PipelineResponse,
  type: string,
  accept: string | undefined,
): number {
  if (status !== 400 || !type.startsWith('application/json')) return status;
  if (!accept?.includes('application/json')) return status;
  return NOT_RUN.has(body.errors?.[0]?.extensions?.['code']) ? 200 : status;
}
