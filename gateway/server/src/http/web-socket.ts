import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleProtocols } from 'graphql-ws';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import { loggedCause } from '../pipeline/logged-cause.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { createSocketOperations } from './socket-operations.ts';
import { HEARTBEAT } from './told.ts';

export interface WebSocketOptions {
  readonly pipeline: Pipeline;
  /** Largest message taken, bytes. */
  readonly messageLimit: number;
  /** Milliseconds; see `told.ts`. */
  readonly patience: number;
  /** Connections at one time; 1,000 unless told. */
  readonly connections?: number;
  readonly logger: Logger;
}

export interface WebSockets {
  /** Closes every connection. */
  close(): Promise<void>;
}

const CONNECTIONS = 1_000;

/** Bytes waiting for a caller who reads nothing, and still asks. */
const MOST_WAITING = 4 * 1_048_576;

/** Milliseconds that a connection has to say goodbye. */
const GOODBYE = 2_000;

/** GraphQL over WebSocket on `/graphql`: connections, their signs of life and their end. */
export function acceptWebSockets(server: Server, options: WebSocketOptions): WebSockets {
  const { pipeline, messageLimit, patience, connections = CONNECTIONS, logger } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: messageLimit, handleProtocols });
  const operations = createSocketOperations(pipeline);
  const failed = (cause: unknown) => logger.error({ err: loggedCause(cause) }, 'message not handled');

  server.on('upgrade', (http: IncomingMessage, stream: Duplex, head: Buffer) => {
    if (http.url !== '/graphql') return refuseUpgrade(stream, '404 Not Found');
    if (sockets.clients.size >= connections) return refuseUpgrade(stream, '503 Service Unavailable');
    const source = http.socket.remoteAddress ?? 'unknown';
    sockets.handleUpgrade(http, stream, head, (socket) => serve(socket, source));
  });

  const serve = (socket: WebSocket, source: string): void => {
    const left = new AbortController();
    const close = (code?: number, reason?: string) => socket.close(code, reason);
    const closed = operations.opened(
      {
        protocol: socket.protocol,
        send: (text) => send(socket, text, patience),
        close,
        onMessage: (take) =>
          socket.on('message', (bytes) => {
            take(String(bytes)).catch((cause: unknown) => {
              failed(cause);
              socket.close(INTERNAL_ERROR);
            });
          }),
      },
      { source, left: left.signal, close },
    );
    const stop = keepAlive(socket);
    const look = (): void => {
      if (socket.bufferedAmount > MOST_WAITING) socket.terminate();
    };
    socket.on('message', look).on('ping', look);
    // The connection is gone, or speaks no WebSocket.
    socket.on('error', () => socket.terminate());
    socket.once('close', (code, reason) => {
      stop();
      left.abort();
      closed(code, String(reason)).catch(failed);
    });
  };

  return {
    async close() {
      for (const socket of sockets.clients) socket.close(GOING_AWAY);
      const impatient = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
      }, GOODBYE);
      await new Promise((done) => sockets.close(done));
      clearTimeout(impatient);
    },
  };
}

/** RFC 6455 §7.4.1, and the protocol's own. */
const GOING_AWAY = 1001;
const INTERNAL_ERROR = 4500;

/** Resolves when the connection has taken it, or is gone; it is closed where it does not take it within the time. */
function send(socket: WebSocket, text: string, patience: number): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState !== socket.OPEN) {
      // Not at once: whoever sends on would leave no time for the news that the connection is closed.
      setImmediate(resolve);
      return;
    }
    const stalled = setTimeout(() => socket.terminate(), patience);
    socket.send(text, () => {
      clearTimeout(stalled);
      resolve();
    });
  });
}

/** @returns Stops it. */
function keepAlive(socket: WebSocket): () => void {
  let isAlive = true;
  socket.on('pong', () => {
    isAlive = true;
  });
  const heartbeat = setInterval(() => {
    if (!isAlive) socket.terminate();
    isAlive = false;
    socket.ping();
  }, HEARTBEAT);
  return () => clearInterval(heartbeat);
}

function refuseUpgrade(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
