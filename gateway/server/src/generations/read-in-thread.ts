import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { SupergraphReading } from '../supergraph-reading.ts';
import type { ReadingReply } from './reading-worker.ts';
import { SupergraphRefusal } from './supergraph-refusal.ts';

/** What the thread runs, and for how many milliseconds it is waited for. */
const READING = { module: new URL('./reading-worker.ts', import.meta.url), longest: 120_000 };

/**
 * Reads and checks a supergraph in a thread of its own: with 200 subgraphs that takes seconds.
 *
 * @throws (rejects) SupergraphRefusal, also where the thread ends without an answer, or has none in time.
 */
export async function readInThread(
  sdl: string,
  { module, longest }: typeof READING = READING,
): Promise<SupergraphReading> {
  const worker = new Worker(module, {
    workerData: sdl,
    // Options of this process are not the thread's: what is preloaded for a service would end with the thread as well.
    execArgv: [],
  });
  const over = new AbortController();
  const ended = once(worker, 'exit', over).then(() => {
    throw new SupergraphRefusal('NOT_A_SUPERGRAPH', 'The supergraph could not be read to its end');
  });
  const late = sleep(longest, undefined, over).then(() => {
    throw new SupergraphRefusal('NOT_A_SUPERGRAPH', `The supergraph could not be read within ${longest} ms`);
  });
  try {
    const [reply] = (await Promise.race([once(worker, 'message', over), ended, late])) as [ReadingReply];
    if ('reading' in reply) return reply.reading;
    throw new SupergraphRefusal(reply.refused.code, reply.refused.message);
  } finally {
    for (const each of [ended, late]) each.catch(() => {});
    over.abort();
    await worker.terminate();
  }
}
