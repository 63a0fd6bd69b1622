import type { FastifyRequest } from 'fastify';
import type { PipelineRequest, SubmittedOperation } from '../pipeline/request.ts';

const SIGNALS = new WeakMap<object, AbortSignal>();

/** What the pipeline needs of an HTTP request. */
export function pipelineRequest(http: FastifyRequest, operation: SubmittedOperation): PipelineRequest {
  const header = (name: string): string | undefined => {
    const value = http.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  };
  return {
    headers: {
      authorization: header('authorization'),
      purpose: header('access-purpose'),
      reason: decodeHeader(header('access-reason')),
      override: header('access-override'),
      onBehalfOf: header('on-behalf-of'),
    },
    source: http.ip,
    client: header('apollographql-client-name')?.slice(0, 100),
    operation,
    signal: signalOf(http),
  };
}

/** Header bytes arrive as Latin-1; people write reasons in UTF-8. */
function decodeHeader(value: string | undefined): string | undefined {
  return value === undefined ? undefined : Buffer.from(value, 'latin1').toString('utf8');
}

/** Aborts when the caller closes the connection before it was answered. */
function signalOf(http: FastifyRequest): AbortSignal {
  const known = SIGNALS.get(http);
  if (known !== undefined) return known;
  const controller = new AbortController();
  http.raw.socket.once('close', () => controller.abort());
  SIGNALS.set(http, controller.signal);
  return controller.signal;
}
