import type { Pipeline } from '../pipeline/pipeline.ts';
import type { SubmittedOperation } from '../pipeline/request.ts';
import { type GraphqlAdapter, notAnOperation, sendResponse } from './graphql-adapter.ts';
import { pipelineRequest } from './pipeline-request.ts';
import { responseMedia } from './response-media.ts';
import { submittedOperation } from './submitted-operation.ts';

/**
 * GraphQL over HTTP as the specification has it, and nothing else: a `POST` of one operation as JSON. What it does not take
 * it refuses like Apollo Server, status for status: docs/adr/0058.
 *
 * @see https://graphql.github.io/graphql-over-http/draft/
 */
export function createFastifyAdapter(pipeline: Pipeline): GraphqlAdapter {
  return {
    async handle(http, reply) {
      const operation = readOperation(http.body);
      const answer = await pipeline(pipelineRequest(http, operation));
      sendResponse(reply, answer, responseMedia(http.headers.accept));
    },
    // It knows nothing of the schema.
    onSchema: () => {},
    stop: async () => {},
  };
}

/** @param body As parsed from JSON. */
export function readOperation(body: unknown): SubmittedOperation {
  if (Array.isArray(body)) return notAnOperation('Operations are taken one at a time, not in an array');
  if (!isObject(body) || Object.keys(body).length === 0)
    return notAnOperation('The body is not a JSON object with a query');
  const { query, operationName, variables, extensions } = body;
  if (!isAbsent(extensions) && !isObject(extensions)) return notAnOperation('`extensions` is not an object');
  if (!isAbsent(variables) && !isObject(variables)) return notAnOperation('`variables` is not an object');
  if (!isAbsent(operationName) && typeof operationName !== 'string')
    return notAnOperation('`operationName` is not a string');
  // 200 is how the protocol says it; clients then send the operation itself.
  if (extensions?.['persistedQuery'] !== undefined)
    return notAnOperation('PersistedQueryNotSupported', 200, 'PERSISTED_QUERY_NOT_SUPPORTED');
  if (isAbsent(query) || query === '') return notAnOperation('The body has no `query`');
  if (typeof query !== 'string') return notAnOperation('`query` is not a string');
  return submittedOperation({
    query,
    operationName: operationName ?? undefined,
    variables: variables ?? undefined,
  });
}

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
