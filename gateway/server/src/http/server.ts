import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { type Explorer, explorerRoutes } from '../explorer/explorer-routes.ts';
import type { OpenSubscriptions } from '../pipeline/open-subscriptions.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { answerByEvents, wantsEvents } from './event-stream.ts';
import { type GraphqlAdapter, sendResponse } from './graphql-adapter.ts';
import { noteConnection, pipelineRequest } from './pipeline-request.ts';
import type { Readiness } from './readiness.ts';
import { responseMedia } from './response-media.ts';
import { schemaQuestion } from './schema-question.ts';
import { PATIENCE } from './told.ts';
import { acceptWebSockets } from './web-socket.ts';

/** Largest body taken, bytes. */
const BODY_LIMIT = 1_048_576;

/** Milliseconds within which a request has to be here, headers and body; then it is answered 408. */
const REQUEST_TIMEOUT = 30_000;

/**
 * The gateway's HTTP: `POST /graphql`, by Server-Sent Events too, GraphQL over WebSocket on the same path, for people the explorer's page,
 * and for whoever runs it `/live`, `/ready` and `/metrics`. By GET it answers questions
 * about the schema and no others: variables in a URL would be a record's values in every proxy's log.
 */
export function createHttpServer(options: {
  readonly pipeline: Pipeline;
  readonly adapter: GraphqlAdapter;
  readonly subscriptions: OpenSubscriptions;
  readonly readiness: Readiness;
  readonly metrics: Registry;
  /** Without it there is no page under `/explorer`. */
  readonly explorer?: Explorer;
  readonly logger: Logger;
  readonly requestTimeout?: number;
  /** Milliseconds that a caller has to take one answer of a stream; see `told.ts`. */
  readonly patience?: number;
}): FastifyInstance {
  const { pipeline, adapter, subscriptions, readiness, metrics, explorer, logger } = options;
  const { requestTimeout = REQUEST_TIMEOUT, patience = PATIENCE } = options;
  const app: FastifyInstance = fastify({
    bodyLimit: BODY_LIMIT,
    loggerInstance: logger as FastifyBaseLogger,
    // A request's line and headers may say what was asked for; the gateway logs its own sentences.
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
    // While it drains, what still comes on a connection that was accepted is answered, and the connection closed.
    return503OnClosing: false,
    requestTimeout,
    // Node looks for late requests now and then only, by itself every 30 seconds.
    http: { connectionsCheckingInterval: requestTimeout / 10, headersTimeout: requestTimeout },
  });
  app.addHook('onRequest', async (request, reply) => noteConnection(request, reply));

  // Fastify takes plain text by itself.
  app.removeContentTypeParser('text/plain');
  app.post('/graphql', async (request, reply) => {
    await (wantsEvents(request)
      ? answerByEvents(pipeline, request, reply, patience)
      : adapter.handle(request, reply));
    return reply;
  });
  const sockets = acceptWebSockets(app.server, {
    ...{ pipeline, patience, logger },
    messageLimit: BODY_LIMIT,
  });
  // A stream is a request that goes on: closing would wait for it.
  app.addHook('preClose', async () => {
    subscriptions.close();
    await sockets.close();
  });
  app.route({
    method: ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    url: '/graphql',
    handler: async (request, reply) => {
      const asked = request.method === 'GET' ? schemaQuestion(request.query) : undefined;
      if (asked !== undefined) {
        const answer = await pipeline(pipelineRequest(request, asked));
        sendResponse(reply, answer, responseMedia(request.headers.accept));
        return reply;
      }
      const errors = [{ message: 'GraphQL takes POST', extensions: { code: 'BAD_REQUEST' } }];
      const refused = await pipeline(pipelineRequest(request, { kind: 'unreadable', status: 405, errors }));
      sendResponse(reply.header('allow', 'POST'), refused);
      return reply;
    },
  });

  app.get('/live', async () => ({ status: 'ok' }));
  app.get('/ready', async (_request, reply) => {
    const state = await readiness();
    return reply.code(state.ready ? 200 : 503).send(state);
  });
  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  );

  if (explorer !== undefined) void app.register(explorerRoutes, explorer);

  // A body that is too large, or no JSON, never reaches the handler, and is a refusal like any other.
  app.setErrorHandler(async (error: Error & { statusCode?: number; code?: string }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) logger.error({ type: error.name, code: error.code }, 'request failed');
    if (request.routeOptions.url !== '/graphql') return reply.code(status).send({ status: 'error' });
    const errors = [
      {
        message: messageFor(status),
        extensions: { code: status < 500 ? 'BAD_REQUEST' : 'INTERNAL_SERVER_ERROR' },
      },
    ];
    sendResponse(reply, await pipeline(pipelineRequest(request, { kind: 'unreadable', status, errors })));
    return reply;
  });
  // Fastify's own answer repeats the URL, and people put into URLs what must not be there.
  app.setNotFoundHandler(async (_request, reply) => reply.code(404).send({ status: 'not found' }));
  return app;
}

function messageFor(status: number): string {
  if (status === 413) return 'The body is larger than 1 MB';
  if (status === 415) return 'The body is not application/json';
  return status < 500 ? 'The body is not JSON' : 'The request could not be completed';
}
