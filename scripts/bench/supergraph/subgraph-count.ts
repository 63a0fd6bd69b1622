import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { findFreeRange } from '../../system/free-ports.ts';
import { ensureKeyRing } from '../../system/key-ring.ts';
import { cpuOf } from '../cpu.ts';
import type { BenchGraph } from '../gateway/bench-graph.ts';
import { startChildGraph } from '../gateway/child-graph.ts';
import { type BenchGateway, startGateway } from '../gateway/gateways.ts';
import { applyLoad } from '../gateway/load.ts';
import { median } from '../median.ts';
import { registersBeside, wideSupergraph } from './wide-supergraph.ts';

/** What subgraphs that an operation does not touch cost it. */
export interface SubgraphCount {
  readonly rounds: readonly { readonly few: number; readonly many: number }[];
  /** CPU microseconds of the gateway's process for one joined view, medians. */
  readonly few: number;
  readonly many: number;
  /** Median of the rounds' ratios, many to few. */
  readonly ratio: number;
}

export interface SubgraphCountBench {
  readonly few: number;
  readonly many: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly onProgress: (sentence: string) => void;
}

const CALLERS = 16;

/** Ports from one gateway to the next. */
const PORTS_APART = 2;

/** Two gateways on the same subgraphs, of which one knows many more that nobody asks; measured in turn. */
export async function measureSubgraphCount(bench: SubgraphCountBench): Promise<SubgraphCount> {
  bench.onProgress('starting the subgraphs');
  const graph = await startChildGraph();
  const others = createServer((_request, response) => response.end('{}'));
  const gateways: BenchGateway[] = [];
  try {
    const port = await findFreeRange();
    await new Promise<void>((listening) => others.listen(port + 10, '127.0.0.1', listening));
    for (const [place, subgraphs] of [bench.few, bench.many].entries()) {
      bench.onProgress(`starting a gateway of ${subgraphs} subgraphs`);
      const known = knowing(graph, subgraphs, `http://127.0.0.1:${port + 10}/graphql`);
      const options = { graph: known, port: port + place * PORTS_APART, profiles: undefined };
      const gateway = await startGateway('contactpoint', options);
      if (gateway !== undefined) gateways.push(gateway);
    }
    const [few, many] = gateways as [BenchGateway, BenchGateway];
    for (const gateway of gateways) await cpuPerView(graph, gateway, bench.seconds);
    const rounds: { few: number; many: number }[] = [];
    for (let round = 0; round < bench.rounds; round++) {
      rounds.push({
        few: await cpuPerView(graph, few, bench.seconds),
        many: await cpuPerView(graph, many, bench.seconds),
      });
      bench.onProgress(`round ${round + 1} of ${bench.rounds}`);
    }
    return {
      rounds,
      few: median(rounds.map((each) => each.few)),
      many: median(rounds.map((each) => each.many)),
      ratio: median(rounds.map((each) => each.many / each.few)),
    };
  } finally {
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    others.close();
    await graph.stop();
  }
}

/** The same graph, with registers beside it. */
function knowing(graph: BenchGraph, subgraphs: number, others: string): BenchGraph {
  const environment = graph.contactpoint ?? {};
  const endpoints = new Map(graph.subgraphs.map(({ name, url }) => [name, url]));
  const endpointOf = (name: string) => endpoints.get(name) ?? '';
  const file = join(graph.data, `supergraph-${subgraphs}.graphql`);
  writeFileSync(file, wideSupergraph({ subgraphs, endpointOf, others }));
  for (const name of registersBeside(subgraphs))
    ensureKeyRing(join(environment['GRANT_KEYS_FOLDER'] ?? '', `${name}.json`));
  const contactpoint = { ...environment, INSTANCE: `bench-${subgraphs}`, SUPERGRAPH_FILE: file };
  return { ...graph, contactpoint };
}

async function cpuPerView(graph: BenchGraph, gateway: BenchGateway, seconds: number): Promise<number> {
  const operation = graph.operations.find(({ name }) => name === 'view');
  if (operation === undefined) throw new Error('The graph has no view');
  const before = cpuOf(gateway.pids());
  const { requests } = await applyLoad({ url: gateway.url, operation, callers: CALLERS, seconds });
  return (cpuOf(gateway.pids()) - before) / requests;
}
