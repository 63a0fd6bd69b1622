import { ApolloServer, HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import type { FastifyRequest } from 'fastify';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { OPERATION_LIMITS } from '../pipeline/limits.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { PipelineResponse } from '../pipeline/request.ts';
import { type GraphqlAdapter, sendResponse } from './graphql-adapter.ts';
import { pipelineRequest } from './pipeline-request.ts';
import { submittedOperation } from './submitted-operation.ts';

/** What Apollo Server carries from the transport to the pipeline, and the answer back. It copies what it carries. */
interface Passage {
  readonly http: FastifyRequest;
  readonly answer: { response?: PipelineResponse };
}

/**
 * Apollo Server as an adapter on the pipeline: it brings its reading of GraphQL over HTTP and its plugins, and decides
 * nothing. What it refuses by itself (no JSON, no query, a document that does not parse) enters the pipeline all the
 * same, and the pipeline's answer is the one that is sent: a refusal that Apollo answered alone would not be on record.
 */
export async function createApolloAdapter(
  schema: GraphQLSchema,
  pipeline: Pipeline,
): Promise<GraphqlAdapter> {
  let tell: ((schema: GraphQLSchema) => void) | undefined;
  const apollo = new ApolloServer<Passage>({
    gateway: {
      load: async () => ({
        executor: async ({ request, context }) => {
          // The gateway's interface is not generic; the context is the one that `handle` made.
          const passage = context as Passage;
          const response = await pipeline(pipelineRequest(passage.http, submittedOperation(request)));
          passage.answer.response = response;
          return {
            data: response.body.data ?? null,
            errors: (response.body.errors ?? []).map((error) => new GraphQLError(error.message, error)),
          };
        },
      }),
      onSchemaLoadOrUpdate: (listener) => {
        tell = (apiSchema) => listener({ apiSchema, coreSupergraphSdl: '' });
        tell(schema);
        return () => {};
      },
      stop: async () => {},
    },
    introspection: true,
    includeStacktraceInErrorResponses: false,
    // The pipeline parses and validates, once it knows the caller; until then a text costs what its first tokens cost.
    parseOptions: { maxTokens: OPERATION_LIMITS.tokens, noLocation: true },
    dangerouslyDisableValidation: true,
    documentStore: null,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    // Suggestions name fields that the caller may not know of.
    hideSchemaDetailsFromClientErrors: true,
  });
  await apollo.start();

  return {
    async handle(http, reply) {
      const passage: Passage = { http, answer: {} };
      const headers = new HeaderMap();
      for (const [name, value] of Object.entries(http.headers)) {
        if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
      }
      const answer = await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: { method: http.method, headers, search: '', body: http.body },
        context: async () => passage,
      });
      const response = passage.answer.response ?? (await refuse(pipeline, http, answer));
      sendResponse(reply, response, answer.headers.get('content-type'));
    },
    onSchema: (next) => tell?.(next),
    stop: () => apollo.stop(),
  };
}

async function refuse(
  pipeline: Pipeline,
  http: FastifyRequest,
  answer: HTTPGraphQLResponse,
): Promise<PipelineResponse> {
  const status = answer.status ?? 400;
  const errors = errorsOf(answer);
  const query = errors[0]?.extensions?.['code'] === 'GRAPHQL_PARSE_FAILED' ? queryOf(http.body) : undefined;
  return await pipeline(
    pipelineRequest(
      http,
      query === undefined ? { kind: 'unreadable', status, errors } : submittedOperation({ query }),
    ),
  );
}

/** A text that Apollo cannot parse is refused in the pipeline's own words, which tell a mistake from too large a text. */
function queryOf(body: unknown): string | undefined {
  const { query } = body as { readonly query?: unknown };
  return typeof query === 'string' ? query : undefined;
}

/** Apollo answers some requests with GraphQL errors and some with a sentence. Nothing else of its answer is passed on. */
function errorsOf({ body, headers }: HTTPGraphQLResponse): readonly GraphQLFormattedError[] {
  const text = body.kind === 'complete' ? body.string : '';
  const unreadable = { message: 'The request is not an operation', extensions: { code: 'BAD_REQUEST' } };
  if (headers.get('content-type')?.startsWith('text/plain'))
    return [{ ...unreadable, message: text.slice(0, 300) }];
  const { errors } = JSON.parse(text) as { readonly errors?: readonly GraphQLFormattedError[] };
  return errors === undefined || errors.length === 0 ? [unreadable] : errors;
}
