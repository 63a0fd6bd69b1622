import type { FastifyInstance } from 'fastify';
import { request } from 'undici';

/** Counts HTTP requests, a batch as one, and tells how many there were under `GET /bench/requests`. */
export function countRequests(app: FastifyInstance): void {
  let counted = 0;
  app.addHook('onRequest', async ({ method }) => {
    if (method === 'POST') counted++;
  });
  app.get('/bench/requests', async () => ({ requests: counted }));
}

/** @param subgraphs Base URLs. */
export async function requestsSoFar(subgraphs: readonly string[]): Promise<number> {
  const counts = await Promise.all(
    subgraphs.map(async (url) => {
      const { body } = await request(new URL('/bench/requests', url));
      return ((await body.json()) as { readonly requests: number }).requests;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
