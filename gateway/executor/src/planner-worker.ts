/** Runs in the thread that `planner-thread.ts` starts. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { QueryPlan } from '@graphql-hive/router-query-planner';
import { planInThisThread } from './native-planner.ts';

export interface PlannerThreadData {
  readonly supergraphSdl: string;
  readonly overrideLabels: ReadonlySet<string>;
  readonly port: MessagePort;
  /** Counts replies; whoever waits for one is woken. */
  readonly answered: Int32Array<SharedArrayBuffer>;
}

export interface PlanRequest {
  readonly number: number;
  readonly query: string;
}

export type PlanReply =
  | { readonly number: number; readonly plan: QueryPlan }
  | { readonly number: number; readonly refused: string };

const { supergraphSdl, overrideLabels, port, answered } = workerData as PlannerThreadData;
const planning = planInThisThread(supergraphSdl, overrideLabels);

port.on('message', ({ number, query }: PlanRequest) => {
  port.postMessage(replyTo(number, query));
  Atomics.add(answered, 0, 1);
  Atomics.notify(answered, 0);
});
parentPort?.postMessage('ready');

function replyTo(number: number, query: string): PlanReply {
  try {
    return { number, plan: planning.plan(query) };
  } catch (cause) {
    return { number, refused: cause instanceof Error ? cause.message : String(cause) };
  }
}
