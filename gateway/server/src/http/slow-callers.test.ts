import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createOpenSubscriptions } from '../pipeline/open-subscriptions.ts';
import type { PipelineRequest, PipelineResponse } from '../pipeline/request.ts';
import { createHttpServer } from './server.ts';

/** Characters of one answer: some hundred of them fill every buffer between two processes. */
const LARGE = 'x'.repeat(500_000);
const EVENTS = 2_000;

let app: FastifyInstance;
let port: number;
/** Events that were taken from the agency, and whether the stream was closed. */
let taken: number;
let isClosed: boolean;

/** A subscription that always has another event, each a large one. */
async function pipeline(request: PipelineRequest): Promise<PipelineResponse> {
  const { operation } = request;
  if (operation.kind === 'unreadable')
    return { status: operation.status, headers: {}, body: { errors: operation.errors } };
  const asked = operation.query;
  if (request.event !== undefined) return { status: 200, headers: {}, body: { data: { LARGE } } };
  if (!asked.startsWith('subscription')) return { status: 200, headers: {}, body: { data: {} } };
  const events = async function* () {
    try {
      if (asked.includes('silent')) await new Promise(() => {});
      for (taken = 0; taken < EVENTS; taken++) yield {} as never;
    } finally {
      isClosed = true;
    }
  };
  return {
    status: 200,
    headers: {},
    body: {},
    subscription: {
      events: events(),
      close() {
        isClosed = true;
      },
    },
  };
}

beforeAll(async () => {
  app = createHttpServer({
    pipeline,
    adapter: { handle: async () => {}, onSchema: () => {}, stop: async () => {} },
    subscriptions: createOpenSubscriptions(),
    readiness: async () => ({ ready: true, missing: [], supergraph: { version: 'v1' } }),
    metrics: new Registry(),
    logger: pino({ level: 'silent' }),
    patience: 300,
  });
  port = Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port);
});
afterAll(() => app.close());
beforeEach(() => {
  taken = 0;
  isClosed = false;
});

const WITHIN = { timeout: 20_000, interval: 20 };

describe('a caller who takes nothing is let go of, and nothing is kept for them', () => {
  test('over Server-Sent Events', async () => {
    const body = JSON.stringify({ query: 'subscription { x }' });
    const socket: Socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.pause();
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: gateway\r\naccept: text/event-stream\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    await expect.poll(() => isClosed, WITHIN).toBe(true);
    expect(taken).toBeLessThan(EVENTS / 2);
    socket.destroy();
  });

  test('over WebSocket', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init' }));
    await once(socket, 'message');
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: 'subscription { x }' } }));
    socket.pause();
    await expect.poll(() => isClosed, WITHIN).toBe(true);
    expect(taken).toBeLessThan(EVENTS / 2);
    socket.terminate();
  });

  test('nor are answers to pings kept that nobody reads', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init' }));
    await once(socket, 'message');
    socket.on('error', () => {});
    socket.pause();
    let isGone = false;
    socket.on('close', () => {
      isGone = true;
    });
    const ping = JSON.stringify({ type: 'ping', payload: { x: LARGE } });
    for (let sent = 0; sent < 60 && !isGone; sent++) {
      await new Promise((resolve) => socket.send(ping, resolve));
    }
    socket.resume();
    await expect.poll(() => isGone, WITHIN).toBe(true);
  });
});

test('a connection has so many operations at a time', async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init' }));
  await once(socket, 'message');
  const told: string[] = [];
  socket.on('message', (text) => void told.push(String(text)));
  for (let id = 0; id < 22; id++)
    socket.send(
      JSON.stringify({ id: `${id}`, type: 'subscribe', payload: { query: 'subscription { silent }' } }),
    );
  await expect.poll(() => told.length, WITHIN).toBe(2);
  const refusals = told.map((text) => JSON.parse(text));
  expect(refusals).toMatchObject([
    { id: '20', type: 'error', payload: [{ extensions: { code: 'BAD_REQUEST' } }] },
    { id: '21', type: 'error', payload: [{ extensions: { code: 'BAD_REQUEST' } }] },
  ]);
  socket.terminate();
});
