import { MerkleTree } from '@contactpoint/audit-log/merkle';
import { aggregateOf } from '@contactpoint/audit-log/origin';
import { tilePath } from '@contactpoint/audit-log/tile-path';
import { type TileSource, treeRoot } from '@contactpoint/audit-log/tiled-tree';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSignedCheckpoint } from '../signed-checkpoint.ts';
import { appendLeaves, createSigningBench, DEPLOYMENT, type SigningBench } from '../testing/signing-bench.ts';
import { readPublished } from './published.ts';
import { readRoutes } from './read-routes.ts';
import { createHttpServer } from './server.ts';

let bench: SigningBench;
let app: FastifyInstance;
let origin: string;

beforeAll(async () => {
  bench = await createSigningBench();
  const log = await bench.boot();
  origin = log.origin;
  const { rounds } = await bench.start();
  await appendLeaves(log, 300);
  await rounds.run(true);
  await appendLeaves(log, 330);
  await rounds.run(false);
  // Appended, and covered by nothing yet.
  await appendLeaves(log, 5);
  app = createHttpServer({
    isHealthy: () => true,
    metrics: new Registry(),
    logger: pino({ level: 'silent' }),
  });
  readRoutes(app, readPublished({ sql: bench.owner, deployment: DEPLOYMENT, quorum: 0 }));
});

afterAll(async () => {
  await app.close();
  await bench[Symbol.asyncDispose]();
});

const get = (path: string) => app.inject(`/${path}`);

describe('what is published of a log', () => {
  test('is its newest checkpoint, never kept for long', async () => {
    const answer = await get(`${origin}/checkpoint`);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-cache',
    });
    expect(readSignedCheckpoint(answer.body)).toMatchObject({ origin, size: 630n });
    expect(bench.keys.vouchFor(origin, answer.body)).toBe(true);
  });

  test('and tiles from which anybody makes the root that was signed', async () => {
    const tiles: TileSource = {
      async tile(level, index, width) {
        const answer = await get(`${origin}/${tilePath(level, index, width)}`);
        expect(answer.statusCode).toBe(200);
        expect(answer.headers['content-type']).toBe('application/octet-stream');
        return answer.rawPayload;
      },
    };
    const rows = await bench.owner<{ leaf_hash: Buffer }[]>`
      select leaf_hash from leaf where origin = ${origin} order by index`;
    const tree = new MerkleTree(rows.map((row) => row.leaf_hash));
    for (const size of [300, 630]) {
      expect(Buffer.from(await treeRoot(tiles, BigInt(size)))).toEqual(Buffer.from(tree.root(size)));
    }
  });

  test.each([
    ['entries', () => `${origin}/tile/entries/000`],
    ['a tile that no checkpoint covers', () => `${origin}/tile/0/002.p/119`],
    ['a tile beyond the end', () => `${origin}/tile/0/003`],
    ['an empty tile', () => `${origin}/tile/0/002.p/0`],
    ['a tile by another name', () => `${origin}/tile/0/2`],
    ['a level that is none', () => `${origin}/tile/64/000`],
    ['a log that is none', () => `${DEPLOYMENT}/gateway-9/20260101T000000Z-aaaa/checkpoint`],
    ['tiles of a log that is none', () => `${DEPLOYMENT}/gateway-9/tile/0/000`],
    ['nothing in particular', () => origin],
  ])('but not %s', async (_case, path) => {
    const answer = await get(path());
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toEqual({ status: 'not found' });
  });

  test('and the same of the log of logs', async () => {
    const aggregate = aggregateOf(DEPLOYMENT);
    expect(readSignedCheckpoint((await get(`${aggregate}/checkpoint`)).body).size).toBe(2n);
    expect((await get(`${aggregate}/tile/0/000.p/2`)).rawPayload).toHaveLength(64);
  });
});
