import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { WitnessAnswer } from './witness.ts';
import type { WitnessState } from './witness-state.ts';

/** Figures of a witness; logs are named as its file of known logs names them. */
export interface CosignerMetrics {
  readonly registry: Registry;
  onAnswer(status: WitnessAnswer['status']): void;
  onFork(origin: string): void;
}

export function createCosignerMetrics(state: WitnessState): CosignerMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const answers = new Counter({
    name: 'contactpoint_cosigner_answers_total',
    help: 'Submissions by status: 200 cosigned, 409 another size is known, the others refused',
    labelNames: ['status'] as const,
    registers,
  });
  const forks = new Counter({
    name: 'contactpoint_cosigner_forks_total',
    help: 'Submissions that contradict what was cosigned, under the signature of the log; 0 where all is well',
    labelNames: ['origin'] as const,
    registers,
  });
  new Gauge({
    name: 'contactpoint_cosigner_log_size',
    help: 'Leaves of the last checkpoint that was cosigned',
    labelNames: ['origin'] as const,
    registers,
    collect() {
      for (const { origin, size } of state.logs) this.set({ origin }, Number(size));
    },
  });
  return {
    registry,
    onAnswer: (status) => answers.inc({ status }),
    onFork: (origin) => forks.inc({ origin }),
  };
}
