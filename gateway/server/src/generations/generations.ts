/** Something that operations run on, and that is closed once the last of them has ended. */
interface Closable {
  close(): Promise<void>;
}

/**
 * What operations run on, one after the other. An operation ends on the generation that it began with, whatever follows;
 * what begins after a replacement begins on the new one. No two generations share what was planned, parsed or decided.
 */
export interface Generations<Generation extends Closable> {
  /** On which the next operation will run. */
  readonly current: Generation;
  /** Those that are not closed yet, the current one included. */
  readonly living: ReadonlySet<Generation>;
  /** For what ends soon: what lasts would keep a former supergraph, and its rules, for as long. */
  run<Result>(operation: (generation: Generation) => Promise<Result>): Promise<Result>;
  /** The former one is closed when its last operation has ended; at once where none is running. */
  replace(next: Generation): void;
  /** Resolves when all are closed, whatever still runs on them. */
  close(): Promise<void>;
}

/** @param onFailure Told what a replaced generation's `close` rejected with. */
export function createGenerations<Generation extends Closable>(
  first: Generation,
  onFailure: (cause: unknown) => void,
): Generations<Generation> {
  let current = first;
  const running = new Map<Generation, number>([[first, 0]]);
  const living = new Set([first]);
  const closing = new Set<Promise<void>>();

  const closeOne = (generation: Generation): void => {
    running.delete(generation);
    const closed = generation
      .close()
      .catch(onFailure)
      .finally(() => {
        living.delete(generation);
        closing.delete(closed);
      });
    closing.add(closed);
  };
  const leave = (generation: Generation): void => {
    const entered = running.get(generation);
    if (entered === undefined) return;
    const left = entered - 1;
    running.set(generation, left);
    if (left === 0 && generation !== current) closeOne(generation);
  };

  return {
    get current() {
      return current;
    },
    living,
    async run(operation) {
      const generation = current;
      running.set(generation, (running.get(generation) ?? 0) + 1);
      try {
        return await operation(generation);
      } finally {
        leave(generation);
      }
    },
    replace(next) {
      const former = current;
      current = next;
      running.set(next, 0);
      living.add(next);
      if (running.get(former) === 0) closeOne(former);
    },
    async close() {
      for (const generation of [...running.keys()]) closeOne(generation);
      while (closing.size > 0) await Promise.all(closing);
    },
  };
}
