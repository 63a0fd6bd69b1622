import type { FastifyInstance } from 'fastify';
import type { Published } from './published.ts';
import { CHECKPOINT_HEADERS, TILE_HEADERS } from './server.ts';

/**
 * `GET /ORIGIN/checkpoint` and `GET /ORIGIN/tile/L/N[.p/W]` for each log and the log of logs. Entries are never served:
 * their nonces must not leave the log.
 *
 * @see https://c2sp.org/tlog-tiles
 */
export function readRoutes(app: FastifyInstance, published: Published): void {
  app.get<{ Params: { '*': string } }>('/*', async (request, reply) => {
    const asked = readPath(request.params['*']);
    if (asked === undefined) return reply.callNotFound();
    const { origin, tile } = asked;
    const found =
      tile === undefined ? await published.checkpoint(origin) : await published.tile(origin, tile);
    if (found === undefined) return reply.callNotFound();
    return reply
      .headers(tile === undefined ? CHECKPOINT_HEADERS : TILE_HEADERS)
      .send(typeof found === 'string' ? found : Buffer.from(found));
  });
}

/** An origin has slashes of its own. */
function readPath(path: string): { origin: string; tile: string | undefined } | undefined {
  const match = /^(.+?)\/(?:checkpoint|(tile\/.+))$/.exec(path);
  return match?.[1] === undefined ? undefined : { origin: match[1], tile: match[2] };
}
