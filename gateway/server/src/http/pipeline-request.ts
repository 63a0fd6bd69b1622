import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PipelineRequest, SubmittedOperation } from '../pipeline/request.ts';

/** What is known of a request's connection only as long as it is open. */
interface Connection {
  /** Address of whoever asks. */
  readonly source: string;
  /** Aborts when the caller closes the connection before the answer is out. */
  readonly signal: AbortSignal;
}

const connections = new WeakMap<FastifyRequest, Connection>();

/** Of a request whose connection nobody has seen: counted all the same. */
const UNSEEN: Connection = { source: 'unknown', signal: new AbortController().signal };

/**
 * Notes whose connection it is: Fastify's `onRequest`, before a body is read. A caller who hangs up in the middle of it is
 * refused like others, and by then the socket has no address any more.
 */
export function noteConnection(http: FastifyRequest, reply: FastifyReply): void {
  const controller = new AbortController();
  // Not the socket's: a connection that is kept alive would gather a listener for each of its requests.
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  const address: string | undefined = http.ip;
  connections.set(http, { source: address ?? UNSEEN.source, signal: controller.signal });
}

/** What the pipeline needs of an HTTP request. */
export function pipelineRequest(http: FastifyRequest, operation: SubmittedOperation): PipelineRequest {
  const header = (name: string): string | undefined => {
    const value = http.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  };
  const { source, signal } = connections.get(http) ?? UNSEEN;
  return {
    headers: {
      authorization: header('authorization'),
      purpose: header('access-purpose'),
      reason: decodeHeader(header('access-reason')),
      override: header('access-override'),
      onBehalfOf: header('on-behalf-of'),
    },
    source,
    client: header('apollographql-client-name')?.slice(0, 100),
    operation,
    signal,
  };
}

/** Header bytes arrive as Latin-1; people write reasons in UTF-8. */
function decodeHeader(value: string | undefined): string | undefined {
  return value === undefined ? undefined : Buffer.from(value, 'latin1').toString('utf8');
}
