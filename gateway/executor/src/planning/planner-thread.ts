import { setTimeout as sleep } from 'node:timers/promises';
import type { QueryPlanning } from './native-planner.ts';
import { PlannerFailure } from './planner-failure.ts';
import { type PlannerLife, startPlannerLife } from './planner-life.ts';

/** Milliseconds that are waited for a planner. */
export interface PlannerPatience {
  /** For one plan. The largest operation within the gateway's limits takes a few. */
  readonly plan: number;
  /** Until it is built: on a busy machine 200 subgraphs take seconds. */
  readonly start: number;
  /** From one start to the next, whatever becomes of it. */
  readonly pause: number;
}

const PATIENCE: PlannerPatience = { plan: 2_000, start: 60_000, pause: 1_000 };

/**
 * Threads that were given up and have not ended. Native code cannot be interrupted, and each holds a processor for as
 * long as it takes: beyond these nothing new is planned until one comes back.
 */
const GIVEN_UP = 2;

/** Milliseconds that closing waits for a thread that may be where it cannot be interrupted. */
const FAREWELL = 1_000;

export interface PlannerThreadOptions {
  readonly supergraphSdl: string;
  readonly overrideLabels?: ReadonlySet<string> | undefined;
  readonly patience?: Partial<PlannerPatience>;
  /** What the thread runs. */
  readonly module?: URL;
}

/**
 * A planner in a thread of its own, built there: nothing waits while it reads the supergraph. A plan is waited for, as one
 * made in this thread would be, which costs a tenth of a millisecond more; so an operation that many callers send at once
 * is planned once. A plan that takes too long is not waited for, and its thread is replaced, as is one that has died.
 *
 * @throws (rejects) Error when the SDL is no supergraph, or the planner is not built in time.
 */
export async function startPlannerThread(options: PlannerThreadOptions): Promise<QueryPlanning> {
  const { supergraphSdl, overrideLabels = new Set(), module = WORKER } = options;
  const patience = { ...PATIENCE, ...options.patience };
  const givenUp = new Set<PlannerLife>();
  let isClosed = false;
  let startedAt = 0;

  const start = (): PlannerLife => {
    startedAt = performance.now();
    const started = startPlannerLife(module, { supergraphSdl, overrideLabels });
    void started.ended.then(() => {
      givenUp.delete(started);
      if (started === life) living();
    });
    return started;
  };
  const giveUp = (each: PlannerLife): void => {
    if (each.state() === 'ENDED') return;
    givenUp.add(each);
    each.end();
  };
  let life: PlannerLife | undefined = start();

  /** Whom to ask: somebody else where the former one is gone, or was not built in time. */
  const living = (): PlannerLife | undefined => {
    const age = performance.now() - startedAt;
    if (life?.state() === 'BUILDING' && age > patience.start) {
      giveUp(life);
      life = undefined;
    }
    if (life !== undefined && life.state() !== 'ENDED') return life;
    life = isClosed || age < patience.pause || givenUp.size >= GIVEN_UP ? undefined : start();
    return life;
  };

  await builtInTime(life, patience.start).catch((cause: unknown) => {
    isClosed = true;
    if (life !== undefined) giveUp(life);
    throw cause;
  });

  return {
    plan(query) {
      const asked = living();
      if (asked === undefined) throw new PlannerFailure('AWAY', 'The planner is not there');
      // Of one that is being built all that ask together wait no longer than for one plan.
      const since = asked.state() === 'READY' ? 0 : performance.now() - startedAt;
      try {
        return asked.ask(query, Math.max(0, patience.plan - since));
      } catch (cause) {
        if (cause instanceof PlannerFailure && cause.code === 'FAILED') {
          giveUp(asked);
          life = undefined;
          living();
        }
        throw cause;
      }
    },
    async close() {
      isClosed = true;
      if (life !== undefined) giveUp(life);
      const gone = Promise.all([...givenUp].map(({ ended }) => ended));
      await Promise.race([gone, sleep(FAREWELL, undefined, { ref: false })]);
    },
  };
}

const WORKER = new URL('./planner-worker.ts', import.meta.url);

async function builtInTime({ ready }: PlannerLife, longest: number): Promise<void> {
  const late = new AbortController();
  const expiry = sleep(longest, undefined, { signal: late.signal }).then(() => {
    throw new PlannerFailure('AWAY', `No planner within ${longest} ms`);
  });
  try {
    await Promise.race([ready, expiry]);
  } finally {
    late.abort();
    expiry.catch(() => {});
  }
}
