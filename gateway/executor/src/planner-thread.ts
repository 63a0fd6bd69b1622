import { once } from 'node:events';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { QueryPlan } from '@graphql-hive/router-query-planner';
import { planInThisThread, type QueryPlanning } from './native-planner.ts';
import type { PlannerThreadData, PlanReply, PlanRequest } from './planner-worker.ts';

/** Milliseconds that one plan may take unless told. The largest operation within the gateway's limits takes a few. */
const LONGEST = 2_000;

/**
 * A planner in a thread of its own, built there: nothing waits while it reads the supergraph. A plan is waited for, as one
 * made in this thread would be, which costs a tenth of a millisecond more; so an operation that many callers send at once
 * is planned once. A plan that takes too long is not waited for.
 *
 * @throws (rejects) Error when the SDL is no supergraph.
 */
export async function startPlannerThread(
  supergraphSdl: string,
  overrideLabels: ReadonlySet<string> = new Set(),
  patience: { readonly longest: number } = { longest: LONGEST },
): Promise<QueryPlanning> {
  const { port1: port, port2: planners } = new MessageChannel();
  const answered = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const workerData: PlannerThreadData = { supergraphSdl, overrideLabels, port: planners, answered };
  // Options of this process are not the thread's: what is preloaded for a service would end with the thread as well.
  const worker = new Worker(new URL('./planner-worker.ts', import.meta.url), {
    workerData,
    transferList: [planners],
    execArgv: [],
  });
  await once(worker, 'message').catch((cause: unknown) => {
    port.close();
    throw cause;
  });
  worker.unref();

  let asked = 0;
  let isGone = false;
  let instead: QueryPlanning | undefined;
  const leave = () => {
    isGone = true;
    port.close();
  };
  worker.once('error', leave).once('exit', leave);

  const replyTo = (number: number): PlanReply => {
    const deadline = performance.now() + patience.longest;
    for (;;) {
      const seen = Atomics.load(answered, 0);
      const received = receiveMessageOnPort(port) as { readonly message: PlanReply } | undefined;
      // What an earlier question was no longer waited for is not an answer to this one.
      if (received?.message.number === number) return received.message;
      if (received !== undefined) continue;
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`No plan within ${patience.longest} ms`);
      Atomics.wait(answered, 0, seen, left);
    }
  };

  return {
    plan(query): QueryPlan {
      if (isGone) {
        // Nothing ends the thread but `close`; if something does, what is new is planned all the same.
        instead ??= planInThisThread(supergraphSdl, overrideLabels);
        return instead.plan(query);
      }
      const request: PlanRequest = { number: ++asked, query };
      port.postMessage(request);
      const reply = replyTo(request.number);
      if ('refused' in reply) throw new Error(reply.refused);
      return reply.plan;
    },
    async close() {
      await worker.terminate();
    },
  };
}
