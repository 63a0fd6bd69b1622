import { request } from 'undici';
import type { BrowseGuard } from '../browse-guard/browse-guard.ts';
import type { CheckpointWatch } from '../checkpoints/checkpoint-watch.ts';
import type { SwapRefusal, SwapState } from '../generations/supergraph-swaps.ts';

export interface ReadinessState {
  /** Whether a joined query would work now. */
  readonly ready: boolean;
  /** What is amiss by name: `audit`, `checkpoints`, `redis`, `health`; empty when ready. */
  readonly missing: readonly string[];
  /** Version that is served, and why what stands in the file is not, where it is not: the former one then goes on. */
  readonly supergraph: { readonly version: string; readonly refused?: SwapRefusal };
}

export type Readiness = () => Promise<ReadinessState>;

/** Milliseconds that a subgraph has to say that it is well. */
const PATIENCE = 1_000;

/** Milliseconds for which what subgraphs said is good for whoever else asks: anybody may, and six requests follow. */
const GOOD_FOR = 500;

export interface ReadinessParts {
  /** GraphQL endpoint by subgraph name, of the supergraph that is served; each has its `/health` beside it. */
  readonly endpoints: () => Readonly<Record<string, string>>;
  readonly supergraph: Pick<SwapState, 'version' | 'refused'>;
  readonly watch: Pick<CheckpointWatch, 'log' | 'coverage'>;
  readonly browseGuard: Pick<BrowseGuard, 'reachable'>;
}

export function createReadiness({ endpoints, supergraph, watch, browseGuard }: ReadinessParts): Readiness {
  const askAll = () =>
    Promise.all(Object.entries(endpoints()).map(async ([name, url]) => ((await isWell(url)) ? [] : [name])));
  let last: { readonly at: number; readonly states: ReturnType<typeof askAll> } | undefined;
  return async () => {
    if (last === undefined || performance.now() - last.at > GOOD_FOR)
      last = { at: performance.now(), states: askAll() };
    const states = await last.states;
    const missing = [
      ...(watch.log.healthy ? [] : ['audit']),
      ...(watch.coverage.isSound() ? [] : ['checkpoints']),
      ...(browseGuard.reachable() ? [] : ['redis']),
      ...states.flat(),
    ];
    const { version, refused } = supergraph;
    const served = { version, ...(refused === undefined ? {} : { refused }) };
    return { ready: missing.length === 0, missing, supergraph: served };
  };
}

/** Whether a subgraph says so. @param endpoint Its GraphQL endpoint. */
export async function isWell(endpoint: string): Promise<boolean> {
  try {
    const { statusCode, body } = await request(new URL('/health', endpoint), {
      signal: AbortSignal.timeout(PATIENCE),
    });
    await body.dump();
    return statusCode === 200;
  } catch {
    return false;
  }
}
