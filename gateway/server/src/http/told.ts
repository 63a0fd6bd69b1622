import type { PipelineResponse } from '../pipeline/request.ts';

/** GraphQL answer as it leaves on a stream, where it has no headers of its own: `extensions.accessLog` is its receipt. */
export function told({ body, headers }: PipelineResponse): object {
  const receipt = headers['access-log'];
  return receipt === undefined ? body : { ...body, extensions: { accessLog: receipt } };
}

/** Milliseconds that a caller has to take one answer; then the connection is closed, and nothing waits for it. */
export const PATIENCE = 10_000;

/** Milliseconds between two signs of life on a silent connection. */
export const HEARTBEAT = 12_000;
