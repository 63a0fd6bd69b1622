import type { FastifyInstance } from 'fastify';
import { Counter, Histogram, Registry } from 'prom-client';
import type { JournaledOperation } from './journal.ts';

/** Counts and durations of operations, by kind only: a label tells neither child nor field nor caller. */
export interface OperationMetrics {
  /** Starts the clock of one operation; the function it gives stops it. */
  start(): (kind: JournaledOperation | 'refused', succeeded: boolean) => void;
}

/** `GET /metrics` in Prometheus' text format. https://prometheus.io/docs/instrumenting/exposition_formats/ */
export function metricsRoute(app: FastifyInstance, subgraph: string): OperationMetrics {
  const registry = new Registry();
  registry.setDefaultLabels({ subgraph });
  const operations = new Counter({
    name: 'contactpoint_subgraph_operations_total',
    help: 'Operations answered',
    labelNames: ['kind', 'outcome'],
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'contactpoint_subgraph_operation_seconds',
    help: 'Time until an operation was resolved, without its journal',
    labelNames: ['kind'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  });

  app.get('/metrics', async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
  return {
    start() {
      const started = performance.now();
      return (kind, succeeded) => {
        operations.inc({ kind, outcome: succeeded ? 'answered' : 'error' });
        duration.observe({ kind }, (performance.now() - started) / 1000);
      };
    },
  };
}
