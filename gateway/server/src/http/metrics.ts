import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { CheckpointWatch } from '../checkpoints/checkpoint-watch.ts';
import type { SwapState } from '../generations/supergraph-swaps.ts';
import type { OpenSubscriptions } from '../pipeline/open-subscriptions.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { ChangeFeed } from '../subgraphs/change-feed.ts';

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

/** Whether changes reach this gateway as they happen: 0 costs speed where there is a Redis, and never access. */
export function measureChanges(registry: Registry, changes: ChangeFeed): void {
  new Gauge({
    name: 'contactpoint_changes_pushed',
    help: '1 while every change of a relationship, a shield or an account is provably pushed, 0 otherwise',
    registers: [registry],
    collect() {
      this.set(changes.pushedSince() === undefined ? 0 : 1);
    },
  });
}

/** How well checkpoints cover this gateway's log: beyond `CHECKPOINT_PATIENCE` it releases nothing. */
export function measureCoverage(registry: Registry, coverage: CheckpointWatch['coverage']): void {
  new Gauge({
    name: 'contactpoint_log_covered',
    help: '1 while checkpoints cover the audit log and its signer is alive, 0 while nothing is released',
    registers: [registry],
    collect() {
      this.set(coverage.isSound() ? 1 : 0);
    },
  });
  new Gauge({
    name: 'contactpoint_signer_silence_seconds',
    help: 'Time since the signer was last seen alive; no number where it never was',
    registers: [registry],
    collect() {
      this.set((coverage.silence() ?? Number.NaN) / 1_000);
    },
  });
  new Gauge({
    name: 'contactpoint_log_lag_seconds',
    help: 'Age of the oldest event without a checkpoint; 0 without one',
    registers: [registry],
    collect() {
      this.set(coverage.lag() / 1_000);
    },
  });
}

/** Which supergraph is served, and whether what stands in the file is: an alarm, where it is not. */
export function measureSwaps(registry: Registry, state: SwapState, living: () => number): void {
  new Gauge({
    name: 'contactpoint_supergraph',
    help: '1 for the version of the supergraph that is served',
    labelNames: ['version'] as const,
    registers: [registry],
    collect() {
      this.reset();
      this.set({ version: state.version }, 1);
    },
  });
  new Gauge({
    name: 'contactpoint_supergraph_refused',
    help: '1 while what stands in SUPERGRAPH_FILE is refused and the former supergraph goes on, by code',
    labelNames: ['code'] as const,
    registers: [registry],
    collect() {
      this.reset();
      for (const code of state.refusals.keys()) this.set({ code }, state.refused?.code === code ? 1 : 0);
    },
  });
  new Gauge({
    name: 'contactpoint_supergraphs_alive',
    help: 'Supergraphs that operations run on: more than 1 while operations of former ones end',
    registers: [registry],
    collect() {
      this.set(living());
    },
  });
  new Counter({
    name: 'contactpoint_supergraph_swaps_total',
    help: 'How often another supergraph came into service',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(state.swaps);
    },
  });
}

export function measureSubscriptions(registry: Registry, subscriptions: OpenSubscriptions): void {
  new Gauge({
    name: 'contactpoint_subscriptions_open',
    help: 'Subscriptions that are open, over Server-Sent Events and WebSocket together',
    registers: [registry],
    collect() {
      this.set(subscriptions.count());
    },
  });
}
