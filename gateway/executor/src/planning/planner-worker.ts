/** Runs in the thread that `planner-life.ts` starts. */
import { parentPort, workerData } from 'node:worker_threads';
import { planInThisThread } from './native-planner.ts';
import { enter, type PlannerThreadData, type PlanReply, type PlanRequest, wake } from './planner-messages.ts';

const { supergraphSdl, overrideLabels, port, progress } = workerData as PlannerThreadData;
// Whoever waits for a plan hears no event meanwhile.
process.once('exit', () => enter(progress, 'ENDED'));
const planning = planInThisThread(supergraphSdl, overrideLabels);

port.on('message', ({ number, query }: PlanRequest) => {
  port.postMessage(replyTo(number, query));
  wake(progress);
});
enter(progress, 'READY');
parentPort?.postMessage('ready');

function replyTo(number: number, query: string): PlanReply {
  try {
    return { number, plan: planning.plan(query) };
  } catch (cause) {
    return { number, refused: cause instanceof Error ? cause.message : String(cause) };
  }
}
