import { once } from 'node:events';
import { connect } from 'node:net';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createOpenSubscriptions } from '../pipeline/open-subscriptions.ts';
import type { PipelineRequest } from '../pipeline/request.ts';
import { pipelineRequest } from './pipeline-request.ts';
import { createHttpServer } from './server.ts';

let app: FastifyInstance;
let port: number;
/** What entered the pipeline. */
let entered: PipelineRequest[];
/** Resolves what the handler waits for before it answers. */
let answer: PromiseWithResolvers<void>;

beforeEach(async () => {
  entered = [];
  answer = Promise.withResolvers();
  const pipeline = async (request: PipelineRequest) => {
    entered.push(request);
    return { status: 400, headers: {}, body: {} };
  };
  app = createHttpServer({
    pipeline,
    adapter: {
      async handle(request, reply) {
        const operation = {
          kind: 'operation',
          query: '{ x }',
          operationName: undefined,
          variables: {},
        } as const;
        await pipeline(pipelineRequest(request, operation));
        await answer.promise;
        void reply.send('{}');
      },
      onSchema: () => {},
      stop: async () => {},
    },
    subscriptions: createOpenSubscriptions(),
    readiness: async () => ({ ready: true, missing: [], supergraph: { version: 'v1' } }),
    metrics: new Registry(),
    logger: pino({ level: 'silent' }),
    requestTimeout: 500,
  });
  port = Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port);
});
afterEach(() => app.close());

const HEAD = (length: number) =>
  `POST /graphql HTTP/1.1\r\nhost: gateway\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;

async function open() {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  let heard = '';
  socket.on('data', (bytes) => {
    heard += bytes.toString();
  });
  socket.on('error', () => {});
  return { socket, heard: () => heard };
}

describe('a caller who hangs up', () => {
  test('in the middle of the body is counted by the address they had', async () => {
    const { socket } = await open();
    socket.write(`${HEAD(1_000)}{"query`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    await expect.poll(() => entered).toHaveLength(1);
    expect(entered[0]).toMatchObject({ source: '127.0.0.1', operation: { kind: 'unreadable' } });
  });

  test('before the answer aborts what was begun for them', async () => {
    const { socket } = await open();
    socket.write(`${HEAD(2)}{}`);
    await expect.poll(() => entered).toHaveLength(1);
    expect(entered[0]?.signal?.aborted).toBe(false);
    socket.destroy();
    await expect.poll(() => entered[0]?.signal?.aborted).toBe(true);
  });
});

test('a connection that is kept alive gathers no listeners, and an answered request is not aborted', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error) => warnings.push(warning);
  process.on('warning', note);
  answer.resolve();
  const { socket, heard } = await open();
  for (let requests = 1; requests <= 15; requests++) {
    socket.write(`${HEAD(2)}{}`);
    await expect.poll(() => heard().split('HTTP/1.1 200').length - 1).toBe(requests);
  }
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', note);
  expect(warnings).toEqual([]);
  socket.destroy();
  await once(socket, 'close');
  expect(entered.map(({ signal }) => signal?.aborted)).toEqual(Array(15).fill(false));
});

test('a body that does not come is answered 408 soon after its time is up', async () => {
  const began = performance.now();
  const { socket, heard } = await open();
  socket.write(`${HEAD(1_000)}{"query`);
  await once(socket, 'close');
  expect(heard()).toContain('HTTP/1.1 408');
  const took = performance.now() - began;
  expect(took).toBeGreaterThan(400);
  expect(took).toBeLessThan(5_000);
});
