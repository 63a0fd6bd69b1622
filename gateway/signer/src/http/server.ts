import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';

/** Seconds for which a tile may be kept: it never changes. */
const FOR_EVER = 31_536_000;

/** What both processes of this package answer: whether they are well, and their figures. */
export function createHttpServer(options: {
  readonly isHealthy: () => boolean;
  readonly metrics: Registry;
  readonly logger: Logger;
}): FastifyInstance {
  const { isHealthy, metrics, logger } = options;
  const app: FastifyInstance = fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
    requestTimeout: 30_000,
  });
  app.get('/health', async (_request, reply) =>
    isHealthy() ? { status: 'ok' } : reply.code(503).send({ status: 'error' }),
  );
  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  );
  app.setErrorHandler(async (error: Error & { statusCode?: number; code?: string }, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) logger.error({ type: error.name, code: error.code }, 'request failed');
    return reply.code(status).send({ status: 'error' });
  });
  app.setNotFoundHandler(async (_request, reply) => reply.code(404).send({ status: 'not found' }));
  return app;
}

/** Text that is another one soon. */
export const CHECKPOINT_HEADERS = {
  'content-type': 'text/plain; charset=utf-8',
  'cache-control': 'no-cache',
};

export const TILE_HEADERS = {
  'content-type': 'application/octet-stream',
  'cache-control': `public, max-age=${FOR_EVER}, immutable`,
};
