import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { SupergraphReading } from '../supergraph-reading.ts';
import type { ReadingReply } from './reading-worker.ts';
import { SupergraphRefusal } from './supergraph-refusal.ts';

/**
 * Reads and checks a supergraph in a thread of its own: with 200 subgraphs that takes seconds.
 *
 * @throws (rejects) SupergraphRefusal, also where the thread ends without an answer.
 */
export async function readInThread(sdl: string): Promise<SupergraphReading> {
  const worker = new Worker(new URL('./reading-worker.ts', import.meta.url), {
    workerData: sdl,
    // Options of this process are not the thread's: what is preloaded for a service would end with the thread as well.
    execArgv: [],
  });
  const ended = once(worker, 'exit').then(() => {
    throw new SupergraphRefusal('NOT_A_SUPERGRAPH', 'The supergraph could not be read to its end');
  });
  try {
    const [reply] = (await Promise.race([once(worker, 'message'), ended])) as [ReadingReply];
    if ('reading' in reply) return reply.reading;
    throw new SupergraphRefusal(reply.refused.code, reply.refused.message);
  } finally {
    ended.catch(() => {});
    await worker.terminate();
  }
}
