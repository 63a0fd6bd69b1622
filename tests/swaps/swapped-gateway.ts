import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { versionOf } from '@contactpoint/gateway/supergraph-reading';
import { ensureKeyRing } from '@contactpoint/scripts/system/key-ring';
import { request } from 'undici';
import { expect } from 'vitest';
import { freePort } from '../free-port.ts';
import { readMetric } from '../metric.ts';
import { startTestSystem, type TestSystem } from '../running-system.ts';
import { type Editions, startEditions } from './editions.ts';

/** A system with a seventh subgraph, of which the supergraph is swapped. */
export interface SwappedGateway {
  readonly system: TestSystem;
  readonly editions: Editions;
  /** Puts a supergraph in place of the former one, as a whole, and says so to the gateway. @returns Its version. */
  put(sdl: string): string;
  /** The same, and waits until it is served. */
  serve(sdl: string): Promise<string>;
  ready(): Promise<Readiness>;
  /** As `readMetric`. */
  metric(name: string): Promise<number>;
  /** Bytes of the gateway's heap that are still reachable. */
  heapInUse(): Promise<number>;
  remove(): Promise<void>;
}

interface Readiness {
  readonly ready: boolean;
  readonly supergraph: {
    readonly version: string;
    readonly refused?: { readonly code: string; readonly at: string; readonly version?: string };
  };
}

/** Collects on SIGUSR2 what nothing refers to any more: without it memory says when V8 last felt like it. */
const COLLECTING = `--expose-gc --import=data:text/javascript,${encodeURIComponent(
  "process.on('SIGUSR2', () => globalThis.gc?.())",
)}`;

/** Milliseconds that a swap may take on a busy machine. */
export const SERVED_WITHIN = 60_000;

export async function startSwappedGateway(): Promise<SwappedGateway> {
  const system = await startTestSystem({ gatewayEnvironment: { NODE_OPTIONS: COLLECTING } });
  const editions = await startEditions(await freePort(), system.ports);
  ensureKeyRing(join(system.secrets.grantKeys, 'register.json'));
  const file = join(system.data, 'supergraph.graphql');
  const get = async (path: string) => (await request(`${system.urls.gateway}${path}`)).body;

  const gateway: SwappedGateway = {
    system,
    editions,
    put(sdl) {
      writeFileSync(`${file}.new`, sdl);
      renameSync(`${file}.new`, file);
      system.services.get('gateway')?.kill('SIGHUP');
      return versionOf(sdl);
    },
    async serve(sdl) {
      const version = gateway.put(sdl);
      await expect
        .poll(async () => (await gateway.ready()).supergraph.version, { timeout: SERVED_WITHIN })
        .toBe(version);
      return version;
    },
    ready: async () => (await (await get('/ready')).json()) as Readiness,
    metric: (name) => readMetric(system.urls.gateway, name),
    async heapInUse() {
      system.services.get('gateway')?.kill('SIGUSR2');
      await get('/live');
      return await gateway.metric('nodejs_heap_size_used_bytes');
    },
    async remove() {
      await system.remove();
      await editions.stop();
    },
  };
  return gateway;
}
