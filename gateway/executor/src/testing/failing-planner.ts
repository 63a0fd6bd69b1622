/** Runs in place of `planner-worker.ts`; the supergraph says how its start fails, and the query how a plan does. */
import { parentPort, workerData } from 'node:worker_threads';
import { enter, type PlannerThreadData, type PlanRequest, wake } from '../planning/planner-messages.ts';

const { supergraphSdl, port, progress } = workerData as PlannerThreadData;
const never = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);

if (supergraphSdl === 'ends at once') process.exit(0);
if (supergraphSdl === 'is never built') never();
process.once('exit', () => enter(progress, 'ENDED'));

port.on('message', ({ number, query }: PlanRequest) => {
  if (query === 'ends') process.exit(0);
  if (query === 'hangs') never();
  if (query === 'ends later') setImmediate(() => process.exit(0));
  port.postMessage({ number, plan: { kind: 'QueryPlan', query } });
  wake(progress);
});
enter(progress, 'READY');
parentPort?.postMessage('ready');
