import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { deliver } from '../pipeline/deliver.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { PipelineResponse } from '../pipeline/request.ts';
import { readOperation } from './fastify-adapter.ts';
import { sendResponse } from './graphql-adapter.ts';
import { pipelineRequest } from './pipeline-request.ts';
import { acceptsEventStream, acceptsJson, responseMedia } from './response-media.ts';
import { HEARTBEAT, told } from './told.ts';

/**
 * GraphQL over Server-Sent Events, each operation a request of its own ("distinct connections mode"). Without a library:
 * graphql-sse's handler keeps what a slow caller does not take, without a bound (2.6.1: seen).
 *
 * What is refused whole is answered like every refusal, by status and in JSON. So is an operation of one answer, where the
 * caller takes JSON too: clients that name every media type they know name this one.
 *
 * @param patience Milliseconds; see `told.ts`.
 * @see https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
 */
export async function answerByEvents(
  pipeline: Pipeline,
  http: FastifyRequest,
  reply: FastifyReply,
  patience: number,
): Promise<void> {
  const { accept } = http.headers;
  const request = pipelineRequest(http, readOperation(http.body));
  const { first, following, close } = await deliver(pipeline, request);
  const isSingle = following === undefined;
  if (first.status !== 200 || (isSingle && acceptsJson(accept))) {
    sendResponse(reply, first, responseMedia(accept));
    return;
  }
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, { ...first.headers, ...STREAM_HEADERS });
  raw.flushHeaders();
  const heartbeat = setInterval(() => void send(raw, ':\n\n', patience), HEARTBEAT);
  try {
    if (isSingle) await send(raw, next(first), patience);
    for await (const response of following ?? []) {
      await send(raw, next(response), patience);
      if (raw.destroyed) break;
    }
    await send(raw, 'event: complete\ndata:\n\n', patience);
  } finally {
    clearInterval(heartbeat);
    close();
    raw.end();
  }
}

export function wantsEvents(http: FastifyRequest): boolean {
  return acceptsEventStream(http.headers.accept);
}

const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  connection: 'keep-alive',
  // Proxies would keep events together until there are enough of them.
  'x-accel-buffering': 'no',
} as const;

function next(response: PipelineResponse): string {
  return `event: next\ndata: ${JSON.stringify(told(response))}\n\n`;
}

/** Resolves when the connection takes more, or is closed; it is closed where it does not within the time. */
async function send(raw: ServerResponse, text: string, patience: number): Promise<void> {
  if (raw.destroyed || raw.write(text)) return;
  const closed = new AbortController();
  raw.once('close', () => closed.abort());
  const signal = AbortSignal.any([closed.signal, AbortSignal.timeout(patience)]);
  await once(raw, 'drain', { signal }).catch(() => raw.destroy());
}
