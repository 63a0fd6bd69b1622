import { buildSubgraphSchema, type GraphQLResolverMap } from '@apollo/subgraph';
import { readDirectives } from '@contactpoint/contract/sdl';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { concatAST, parse } from 'graphql';
import { mercurius } from 'mercurius';
import type { SubgraphDefinition, SubgraphServices } from './definition.ts';
import { enforceClasses } from './enforcement.ts';
import { graphqlRoute } from './graphql-route.ts';
import { metricsRoute } from './metrics.ts';
import { describe, REFUSAL_STATUS, type RefusalCode, refusal } from './wire-error.ts';

export interface BuildOptions extends SubgraphServices {
  /** Nothing is logged without one. */
  readonly logger?: FastifyBaseLogger;
}

/** Bytes of a request body. */
const BODY_LIMIT = 1_048_576;

/**
 * Builds the server of a subgraph, ready to listen or to be asked with `inject`. Its database is migrated already.
 *
 * @throws UnclassifiedFieldError and others for a schema whose fields cannot all be enforced.
 */
export async function buildSubgraph<Loaders>(
  definition: SubgraphDefinition<Loaders>,
  { store, grants, clock, logger }: BuildOptions,
): Promise<FastifyInstance> {
  const typeDefs = parse(definition.typeDefs);
  const schema = buildSubgraphSchema([
    {
      typeDefs: concatAST([parse(readDirectives()), typeDefs]),
      // The library's map knows neither our context nor that a source may be unknown.
      resolvers: definition.resolvers as unknown as GraphQLResolverMap<unknown>,
    },
  ]);
  enforceClasses(schema, typeDefs);

  const app: FastifyInstance = fastify({
    bodyLimit: BODY_LIMIT,
    // A request's line and headers may name what was asked for; what the kit logs it logs itself.
    logController: new LogController({ disableRequestLogging: true }),
    ...(logger === undefined ? { logger: false } : { loggerInstance: logger }),
  });
  refuseQuietly(app);
  letConnectionsGo(app);
  await app.register(mercurius, {
    schema,
    routes: false,
    graphiql: false,
    subscription: false,
    jit: 1,
    // Errors are mapped in one place, by the route.
    errorFormatter: (execution) => ({ statusCode: 200, response: execution }),
  });

  const services: SubgraphServices = { store, grants, clock };
  graphqlRoute(app, definition, services, metricsRoute(app, definition.name));
  healthRoute(app, services);
  definition.routes?.(app, services);
  await definition.onReady?.(services);
  await app.ready();
  return app;
}

/** `GET /health`: 200 only when the database answers. */
function healthRoute(app: FastifyInstance, { store }: SubgraphServices): void {
  app.get('/health', async (request, reply) => {
    try {
      await store`select 1`;
      return { status: 'ok' };
    } catch (cause) {
      request.log.error(describe(cause), 'the database does not answer');
      return await reply.code(503).send({ status: 'unavailable' });
    }
  });
}

/** A kept-alive connection whose request was in flight when closing began would hold the server until it times out. */
function letConnectionsGo(app: FastifyInstance): void {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
  });
}

/** What Fastify refuses by itself, and what a route throws, in the form of a GraphQL answer without its message. */
function refuseQuietly(app: FastifyInstance): void {
  app.setErrorHandler(async (error, request, reply) => {
    const { statusCode = 500 } = error as { readonly statusCode?: number };
    const [code, message] = refusalOf(statusCode);
    // Gateways give up what nobody waits for any more.
    if (isLeft(error)) request.log.info('whoever asked has left');
    else if (code === 'INTERNAL_SERVER_ERROR') request.log.error(describe(error), 'a request failed');
    return await reply.code(REFUSAL_STATUS[code]).send({ errors: [refusal(code, message)] });
  });
  app.setNotFoundHandler(async (_request, reply) =>
    reply.code(404).send({ errors: [{ message: 'No such route', extensions: { code: 'NOT_FOUND' } }] }),
  );
}

function isLeft(error: unknown): boolean {
  return (error as { readonly code?: unknown }).code === 'ERR_STREAM_PREMATURE_CLOSE';
}

function refusalOf(statusCode: number): readonly [RefusalCode, string] {
  if (statusCode === 413) return ['PAYLOAD_TOO_LARGE', 'The body is larger than 1 MB'];
  if (statusCode === 415) return ['UNSUPPORTED_MEDIA_TYPE', 'The body is not application/json'];
  if (statusCode >= 400 && statusCode < 500) return ['BAD_USER_INPUT', 'The body is not JSON'];
  return ['INTERNAL_SERVER_ERROR', 'Internal server error'];
}
