import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { Pipeline } from '../pipeline/pipeline.ts';

/** Figures for whoever runs the gateway. Labels are codes of ours, never anything a caller wrote. */
export interface Metrics {
  readonly registry: Registry;
  /** The same pipeline, measured. */
  measure(pipeline: Pipeline): Pipeline;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'contactpoint_requests_total',
    help: 'Operations that entered the pipeline, by HTTP status and first error code',
    labelNames: ['status', 'code'] as const,
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'contactpoint_request_seconds',
    help: 'Time from the pipeline to its recorded answer',
    buckets: [0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 2, 5],
    registers: [registry],
  });

  return {
    registry,
    measure: (pipeline) => async (request) => {
      const stop = seconds.startTimer();
      const response = await pipeline(request);
      stop();
      const code = response.body.errors?.[0]?.extensions?.['code'];
      requests.inc({ status: response.status, code: typeof code === 'string' ? code : 'none' });
      return response;
    },
  };
}
