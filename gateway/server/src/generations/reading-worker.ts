/** Runs in the thread that `read-in-thread.ts` starts, and ends with what it was started for. */
import { parentPort, workerData } from 'node:worker_threads';
import { readSupergraph, type SupergraphReading } from '../supergraph-reading.ts';
import { asRefusal, type SupergraphRefusalCode } from './supergraph-refusal.ts';

export type ReadingReply =
  | { readonly reading: SupergraphReading }
  | { readonly refused: { readonly code: SupergraphRefusalCode; readonly message: string } };

parentPort?.postMessage(read(workerData as string));

function read(sdl: string): ReadingReply {
  try {
    return { reading: readSupergraph(sdl) };
  } catch (cause) {
    const { code, message } = asRefusal(cause);
    return { refused: { code, message } };
  }
}
