import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SentOperation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** One request as it arrived: where, and the operations in it. */
export interface Arrived {
  readonly path: string;
  readonly operations: readonly SentOperation[];
}

/** A subgraph that says it takes batches, and does with them what the test says. */
export interface BatchingSubgraph {
  readonly endpoint: URL;
  readonly arrived: Arrived[];
  /** How many requests were given up by the one who sent them. */
  readonly aborted: () => number;
  /** `GraphQL-Batch` of single answers; undefined says nothing. */
  declaration: string | undefined;
  /** Each operation, wherever it comes, is answered by its own `extensions.grant` unless the test answers. */
  single: (operation: SentOperation, response: ServerResponse) => void;
  batch: (operations: readonly SentOperation[], response: ServerResponse) => void;
  close(): Promise<void>;
}

export async function startBatchingSubgraph(): Promise<BatchingSubgraph> {
  let aborted = 0;
  const server = createServer(async (request, response) => {
    response.on('close', () => {
      if (!response.writableFinished) aborted += 1;
    });
    const body = await bodyOf(request);
    const isBatch = Array.isArray(body);
    const operations = (isBatch ? body : [body]) as SentOperation[];
    subgraph.arrived.push({ path: request.url ?? '', operations });
    if (isBatch) subgraph.batch(operations, response);
    else subgraph.single(operations[0] as SentOperation, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const subgraph: BatchingSubgraph = {
    endpoint: new URL(`http://127.0.0.1:${port}/graphql`),
    arrived: [],
    aborted: () => aborted,
    declaration: '"/graphql/batch";max=50',
    single: (operation, response) => {
      const declared = subgraph.declaration === undefined ? {} : { 'graphql-batch': subgraph.declaration };
      response.writeHead(200, { 'content-type': 'application/json', ...declared });
      response.end(JSON.stringify(answerTo(operation)));
    },
    batch: (operations, response) => {
      beginLines(response);
      operations.forEach((operation, index) => void response.write(lineOf(index, operation)));
      response.end();
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return subgraph;
}

export function beginLines(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/jsonl' });
}

export function lineOf(index: number, operation: SentOperation): string {
  return `${JSON.stringify([index, answerTo(operation)])}\n`;
}

export function answerTo({ extensions }: SentOperation): object {
  return { data: { of: extensions['grant'] } };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString());
}
