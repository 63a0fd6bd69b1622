import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { REFUSAL_REASONS } from './log-refused.ts';
import type { RoundReport } from './rounds.ts';

/** Figures of a signer. No label holds anything but words of ours, and names of witnesses as they are configured. */
export interface SignerMetrics {
  readonly registry: Registry;
  onRound(report: RoundReport, milliseconds: number): void;
}

export function createSignerMetrics(): SignerMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const seconds = new Histogram({
    name: 'contactpoint_signer_round_seconds',
    help: 'Time of a round over all logs; their count is that of complete rounds',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
    registers,
  });
  const checkpoints = new Counter({
    name: 'contactpoint_signer_checkpoints_total',
    help: 'Checkpoints signed of logs of instances, and of the log of logs',
    labelNames: ['log'] as const,
    registers,
  });
  const leaves = new Counter({
    name: 'contactpoint_signer_leaves_total',
    help: 'Leaves that were covered by a checkpoint',
    registers,
  });
  const logs = new Gauge({
    name: 'contactpoint_signer_logs',
    help: 'Logs that may still grow, that have ended, and that are of another deployment',
    labelNames: ['state'] as const,
    registers,
  });
  const refused = new Gauge({
    name: 'contactpoint_signer_refused_logs',
    help: 'Logs that are not signed, because the database contradicts what was signed, has a gap or lost them; 0 where all is well',
    labelNames: ['reason'] as const,
    registers,
  });
  const republished = new Counter({
    name: 'contactpoint_signer_republished_total',
    help: 'Checkpoints that were signed and not in the database: after a crash of the signer, or because somebody took them away',
    registers,
  });
  return {
    registry,
    onRound(report, milliseconds) {
      seconds.observe(milliseconds / 1_000);
      checkpoints.inc({ log: 'instance' }, report.signed.length);
      checkpoints.inc({ log: 'aggregate' }, report.aggregate === undefined ? 0 : 1);
      leaves.inc(Number(report.leaves));
      for (const state of ['live', 'ended', 'foreign'] as const) logs.set({ state }, report[state]);
      republished.inc(report.republished.length);
      for (const reason of REFUSAL_REASONS) {
        refused.set({ reason }, report.refused.filter((one) => one.reason === reason).length);
      }
    },
  };
}
