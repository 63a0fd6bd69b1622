import { request } from 'undici';
import type { BrowseGuard } from '../browse-guard/browse-guard.ts';
import type { CheckpointWatch } from '../checkpoints/checkpoint-watch.ts';

export interface ReadinessState {
  /** Whether a joined query would work now. */
  readonly ready: boolean;
  /** What is amiss by name: `audit`, `checkpoints`, `redis`, `health`; empty when ready. */
  readonly missing: readonly string[];
}

export type Readiness = () => Promise<ReadinessState>;

/** Milliseconds that a subgraph has to say that it is well. */
const PATIENCE = 1_000;

/** @param endpoints GraphQL endpoint by subgraph name; each has its `/health` beside it. */
export function createReadiness(
  endpoints: Readonly<Record<string, string>>,
  watch: Pick<CheckpointWatch, 'log' | 'coverage'>,
  browseGuard: Pick<BrowseGuard, 'reachable'>,
): Readiness {
  return async () => {
    const states = await Promise.all(
      Object.entries(endpoints).map(async ([name, url]) => ((await isWell(url)) ? [] : [name])),
    );
    const missing = [
      ...(watch.log.healthy ? [] : ['audit']),
      ...(watch.coverage.isSound() ? [] : ['checkpoints']),
      ...(browseGuard.reachable() ? [] : ['redis']),
      ...states.flat(),
    ];
    return { ready: missing.length === 0, missing };
  };
}

async function isWell(endpoint: string): Promise<boolean> {
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
