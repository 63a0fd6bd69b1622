import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A subgraph's side of questions beside the graph, on a port of its own. */
export interface QuestionServer {
  readonly url: string;
  /** Bodies as they arrived. */
  readonly received: unknown[];
  close(): Promise<void>;
}

/** @param answer Answers one body; a server that does not answer hangs until it is closed. */
export async function startQuestionServer<Body>(
  answer: (body: Body, response: ServerResponse, path: string) => void,
): Promise<QuestionServer> {
  const received: unknown[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Body;
    received.push(body);
    answer(body, response, incoming.url ?? '');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

export function answerJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
