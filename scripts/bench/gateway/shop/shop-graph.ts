import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreeRange } from '../../../system/free-ports.ts';
import { startService } from '../../../system/service.ts';
import type { BenchGraph } from '../bench-graph.ts';
import { BENCHMARK, bodyOf } from '../operations.ts';
import { composeShop, SHOP, type ShopName } from './graph.ts';

/** Starts the four subgraphs of the shop, each as a process of its own. */
export async function startShopGraph(): Promise<BenchGraph> {
  const data = mkdtempSync(join(tmpdir(), 'contactpoint-bench-shop-'));
  const first = await findFreeRange();
  const names = Object.keys(SHOP) as ShopName[];
  const base = (place: number) => `http://127.0.0.1:${first + place}`;
  const services = names.map((name, place) =>
    startService({
      name,
      module: new URL('main.ts', import.meta.url),
      words: [name],
      environment: { PORT: String(first + place), NODE_ENV: 'production' },
      logFile: join(data, `${name}.log`),
      health: `${base(place)}/health`,
    }),
  );
  const stop = async () => {
    await Promise.all(services.map((service) => service.stop()));
    rmSync(data, { recursive: true, force: true });
  };
  try {
    await Promise.all(services.map((service) => service.ready()));
    const urls = Object.fromEntries(names.map((name, place) => [name, `${base(place)}/graphql`]));
    const supergraphFile = join(data, 'supergraph.graphql');
    writeFileSync(supergraphFile, composeShop(urls as Record<ShopName, string>));
    return {
      operations: [
        {
          name: 'benchmark',
          bodies: [bodyOf(BENCHMARK)],
          headers: async () => ({}),
          whole: '"shippingEstimate":',
        },
      ],
      supergraphFile,
      subgraphs: names.map((name) => ({ name, url: urls[name] ?? '', sdl: SHOP[name].typeDefs })),
      counted: names.map((_name, place) => base(place)),
      contactpoint: undefined,
      data,
      stop,
    };
  } catch (cause) {
    await stop();
    throw cause;
  }
}
