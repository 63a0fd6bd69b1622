import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type GraphQLSchema, graphql } from 'graphql';

/** One request as it arrived. */
export interface ReceivedRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Answers one request; whatever it does not answer hangs until the stub is closed. */
export type Answering = (request: ReceivedRequest, response: ServerResponse) => void | Promise<void>;

export interface StubSubgraph {
  readonly url: string;
  readonly received: ReceivedRequest[];
  /** Streams of events that the schema's own answers opened. */
  readonly streams: ServerResponse[];
  /** How many requests were given up by the one who sent them. */
  readonly aborted: () => number;
  /** From now on; undefined gives the answers of the schema again. */
  answerWith(answering: Answering | undefined): void;
  close(): Promise<void>;
}

/** A subgraph over HTTP on a port of its own, which can be made to misbehave. */
export async function startStubSubgraph(schema: GraphQLSchema): Promise<StubSubgraph> {
  const received: ReceivedRequest[] = [];
  const streams: ServerResponse[] = [];
  let aborted = 0;
  let behaviour: Answering | undefined;

  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const request = JSON.parse(Buffer.concat(chunks).toString()) as ReceivedRequest;
    received.push(request);
    response.on('close', () => {
      if (!response.writableFinished) aborted += 1;
    });
    if (behaviour === undefined && incoming.headers.accept === 'text/event-stream') {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      streams.push(response);
      return;
    }
    await (behaviour ?? answerFrom(schema))(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}/graphql`,
    received,
    streams,
    aborted: () => aborted,
    answerWith(answering) {
      behaviour = answering;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function answerFrom(schema: GraphQLSchema): Answering {
  return async ({ query, variables }, response) => {
    answerJson(response, await graphql({ schema, source: query, variableValues: variables }));
  };
}

export function answerJson(response: ServerResponse, body: unknown, status = 200): void {
  answerText(response, JSON.stringify(body), status);
}

export function answerText(
  response: ServerResponse,
  body: string,
  status = 200,
  media = 'application/json',
): void {
  response.writeHead(status, { 'content-type': media }).end(body);
}
