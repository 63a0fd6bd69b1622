import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createReadiness, type ReadinessParts } from './readiness.ts';

let server: Server;
let asked = 0;
let status = 200;

beforeEach(async () => {
  asked = 0;
  status = 200;
  server = createServer((_request, response) => {
    asked++;
    response.writeHead(status).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterEach(() => new Promise((closed) => server.close(closed)));

const readiness = (
  over: {
    readonly healthy?: boolean;
    readonly sound?: boolean;
    readonly redis?: boolean;
    readonly supergraph?: ReadinessParts['supergraph'];
  } = {},
) => {
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}/graphql`;
  return createReadiness({
    endpoints: () => ({ health: endpoint, education: endpoint }),
    supergraph: over.supergraph ?? { version: 'v1', refused: undefined },
    watch: {
      log: {
        origin: 'log.example',
        healthy: over.healthy ?? true,
        append: () => Promise.reject(new Error('nothing is appended')),
        close: async () => {},
      },
      coverage: { isSound: () => over.sound ?? true, silence: () => 0, lag: () => 0 },
    },
    browseGuard: { reachable: () => over.redis ?? true },
  });
};

test('names what is amiss', async () => {
  expect(await readiness()()).toEqual({
    ready: true,
    missing: [],
    supergraph: { version: 'v1' },
  });
  status = 503;
  expect(await readiness({ healthy: false, sound: false, redis: false })()).toEqual({
    ready: false,
    missing: ['audit', 'checkpoints', 'redis', 'health', 'education'],
    supergraph: { version: 'v1' },
  });
});

test('asks subgraphs once for all who ask at a moment, and again a little later', async () => {
  const ready = readiness();
  const states = await Promise.all(Array.from({ length: 50 }, () => ready()));
  expect(states.every((state) => state.ready)).toBe(true);
  expect(asked).toBe(2);
  status = 503;
  await expect.poll(async () => (await ready()).missing, { timeout: 5_000 }).toEqual(['health', 'education']);
});

test('is ready with a former supergraph, and says what was refused', async () => {
  const refused = { code: 'UNCLASSIFIED_FIELD', at: '2025-03-04T09:00:00.000Z', version: 'v2' } as const;
  expect(await readiness({ supergraph: { version: 'v1', refused } })()).toEqual({
    ready: true,
    missing: [],
    supergraph: { version: 'v1', refused },
  });
});
