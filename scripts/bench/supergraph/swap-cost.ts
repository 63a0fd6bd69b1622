import { monitorEventLoopDelay } from 'node:perf_hooks';
import { readInThread } from '@contactpoint/gateway/generations/read-in-thread';
import { loadSupergraph, openSupergraph } from '@contactpoint/gateway/supergraph';
import { median } from '../median.ts';
import { wideSupergraph } from './wide-supergraph.ts';

/** What it takes to bring a supergraph up. Milliseconds, medians of all rounds. */
export interface SwapCost {
  readonly subgraphs: number;
  /** From the text to a supergraph that can be planned for, in threads and turns. */
  readonly taken: number;
  /** Longest time for which a request would have waited meanwhile. */
  readonly blocked: number;
  /** The same in one go: for so long every request would wait. */
  readonly atOnce: number;
}

export async function measureSwaps(counts: readonly number[], rounds: number): Promise<readonly SwapCost[]> {
  const costs: SwapCost[] = [];
  for (const subgraphs of counts) costs.push(await measureSwap(subgraphs, rounds));
  return costs;
}

/** Nobody is asked at them. */
const NOWHERE = 'http://nowhere.invalid/graphql';

async function measureSwap(subgraphs: number, rounds: number): Promise<SwapCost> {
  const sdl = wideSupergraph({ subgraphs, endpointOf: () => NOWHERE, others: NOWHERE });
  const [taken, blocked, atOnce]: [number[], number[], number[]] = [[], [], []];
  // One more than counts: the first one compiles.
  for (let round = 0; round <= rounds; round++) {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const began = performance.now();
    const supergraph = await openSupergraph(await readInThread(sdl), {});
    const ended = performance.now();
    // The last turn counts once the loop has turned.
    await new Promise((turned) => setTimeout(turned, 20));
    delay.disable();
    await supergraph.executor.close();
    const begun = performance.now();
    await loadSupergraph(sdl, 1_000).executor.close();
    if (round === 0) continue;
    atOnce.push(performance.now() - begun);
    taken.push(ended - began);
    blocked.push(delay.max / 1e6);
  }
  return { subgraphs, taken: median(taken), blocked: median(blocked), atOnce: median(atOnce) };
}
