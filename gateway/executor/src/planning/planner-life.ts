import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { QueryPlan } from '@graphql-hive/router-query-planner';
import { PlannerFailure } from './planner-failure.ts';
import {
  emptyProgress,
  enter,
  type PlannerState,
  type PlannerThreadData,
  type PlanReply,
  type PlanRequest,
  saidIn,
  stateIn,
  waitFor,
} from './planner-messages.ts';

/** One thread with a planner in it, from its start to its end. */
export interface PlannerLife {
  /** Resolves when the planner is built; rejects when the thread ends before, with its error where there is one. */
  readonly ready: Promise<void>;
  /** Resolves when the thread is gone. */
  readonly ended: Promise<void>;
  state(): PlannerState;
  /**
   * Asks, and waits: nothing else runs in the asking thread meanwhile.
   *
   * @param longest Milliseconds.
   * @throws PlannerFailure AWAY where the planner is not built by then, or was gone before.
   */
  ask(query: string, longest: number): QueryPlan;
  /** Has the thread end, which it does once it is back from where no thread can be interrupted. */
  end(): void;
}

export function startPlannerLife(
  module: URL,
  given: Pick<PlannerThreadData, 'supergraphSdl' | 'overrideLabels'>,
): PlannerLife {
  const { port1: port, port2: asked } = new MessageChannel();
  const progress = emptyProgress();
  const workerData: PlannerThreadData = { ...given, port: asked, progress };
  // Options of this process are not the thread's: what is preloaded for a service would end with the thread as well.
  const worker = new Worker(module, { workerData, transferList: [asked], execArgv: [] });
  worker.unref();

  const ready = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  // Whoever asks is told as well; nobody has to wait for it.
  ready.promise.catch(() => {});
  worker.once('message', () => ready.resolve());
  worker.once('error', ready.reject);
  worker.once('exit', () => {
    // A thread that was killed has not said so itself.
    enter(progress, 'ENDED');
    port.close();
    ready.reject(new PlannerFailure('AWAY', 'The planner ended before it was built'));
    ended.resolve();
  });

  let questions = 0;
  const replyTo = (number: number, before: PlannerState, longest: number): PlanReply => {
    const deadline = performance.now() + longest;
    for (;;) {
      const seen = saidIn(progress);
      const received = receiveMessageOnPort(port) as { readonly message: PlanReply } | undefined;
      // What an earlier question was no longer waited for is not an answer to this one.
      if (received?.message.number === number) return received.message;
      if (received !== undefined) continue;
      const state = stateIn(progress);
      if (state === 'ENDED')
        throw new PlannerFailure(
          before === 'READY' ? 'FAILED' : 'AWAY',
          'The planner ended without an answer',
        );
      const left = deadline - performance.now();
      if (left <= 0)
        throw new PlannerFailure(state === 'READY' ? 'FAILED' : 'AWAY', `No plan within ${longest} ms`);
      waitFor(progress, seen, left);
    }
  };

  return {
    ready: ready.promise,
    ended: ended.promise,
    state: () => stateIn(progress),
    ask(query, longest) {
      // Read before it is asked: it may end over the question before anything else is done here.
      const before = stateIn(progress);
      if (before === 'ENDED') throw new PlannerFailure('AWAY', 'The planner has ended');
      const request: PlanRequest = { number: ++questions, query };
      port.postMessage(request);
      const reply = replyTo(request.number, before, longest);
      if ('refused' in reply) throw new PlannerFailure('REFUSED', reply.refused);
      return reply.plan;
    },
    end: () => void worker.terminate(),
  };
}
