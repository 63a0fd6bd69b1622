import type { IncomingHttpHeaders } from 'node:http';
import { type Dispatcher, Pool } from 'undici';

/** Reads one answer as it arrives. `end` or `fail` is called last, and once. */
export interface AnswerReader {
  /** @returns false where nothing of it is worth reading: the connection is closed, and `fail` called. */
  start(status: number, headers: IncomingHttpHeaders): boolean;
  /** @returns as `start`. */
  take(chunk: Buffer): boolean;
  end(): void;
  /** @param cause For the gateway's own log, which keeps of it what holds no word of an agency's. */
  fail(cause: Error): void;
}

export interface SentRequest {
  /** Nobody waits for the answer any more. */
  abandon(): void;
}

/** Connections to one subgraph. */
export interface SubgraphConnection {
  /** @param body JSON. */
  post(path: string, body: string, reader: AnswerReader): SentRequest;
  close(): Promise<void>;
}

const ABANDONED = new Error('Nobody waits for the answer');

const HEADERS = ['content-type', 'application/json', 'accept', 'application/json, application/jsonl'];

/**
 * Without streams, promises and signals for each request: they cost more CPU than everything else that the gateway does for
 * it (docs/adr/0059).
 */
export function openConnection(origin: string): SubgraphConnection {
  // Time-outs cover the whole request and are set by whoever asks; undici's own would cover parts of it again.
  // HTTP/2 costs more CPU for each request (docs/adr/0059), and undici takes it wherever it is offered.
  const pool = new Pool(origin, { connections: 64, headersTimeout: 0, bodyTimeout: 0, allowH2: false });
  return {
    post(path, body, reader) {
      let controller: Dispatcher.DispatchController | undefined;
      let isAbandoned = false;
      pool.dispatch(
        { path, method: 'POST', headers: HEADERS, body },
        {
          onRequestStart(started) {
            controller = started;
            // It may have waited for a connection for longer than somebody waited for it.
            if (isAbandoned) started.abort(ABANDONED);
          },
          onResponseStart(started, status, headers) {
            // Early hints and the like: the answer is still to come.
            if (status < 200) return;
            if (!reader.start(status, headers)) started.abort(ABANDONED);
          },
          onResponseData(started, chunk) {
            if (!reader.take(chunk)) started.abort(ABANDONED);
          },
          onResponseEnd: () => reader.end(),
          onResponseError: (_started, cause) => reader.fail(cause),
        },
      );
      return {
        abandon() {
          isAbandoned = true;
          controller?.abort(ABANDONED);
        },
      };
    },
    close: () => pool.close(),
  };
}
