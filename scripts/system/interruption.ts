/** The start was told to stop before everything was up. */
export class InterruptedStart extends Error {
  override readonly name = 'InterruptedStart';

  constructor() {
    super('told to stop');
  }
}

/** Waits for work, or throws `InterruptedStart` as soon as the start is told to stop; the work is then on its own. */
export async function orInterrupted<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  if (signal === undefined) return await work;
  const { promise, reject } = Promise.withResolvers<never>();
  const interrupt = () => reject(new InterruptedStart());
  if (signal.aborted) interrupt();
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}
