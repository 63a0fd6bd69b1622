import { findFreeRange } from '../../system/free-ports.ts';
import { cpuOf } from '../cpu.ts';
import { median } from '../median.ts';
import type { BenchGraph } from './bench-graph.ts';
import { startChildGraph } from './child-graph.ts';
import { requestsSoFar } from './count-requests.ts';
import { type BenchGateway, type GatewayName, startGateway } from './gateways.ts';
import { applyLoad } from './load.ts';
import type { BenchOperation, OperationName } from './operations.ts';
import { residentMemory } from './resident-memory.ts';
import { startShopGraph } from './shop/shop-graph.ts';

export interface GatewayBench {
  readonly gateways: readonly GatewayName[];
  readonly operations: readonly OperationName[];
  readonly callers: readonly number[];
  readonly rounds: number;
  /** Seconds of one measurement. */
  readonly seconds: number;
  readonly profiles?: string | undefined;
  /** Whether children's subgraphs answer from memory what they have answered before. */
  readonly remembering: boolean;
  /** Told what happens, and which gateway is left out and why. */
  readonly onProgress: (sentence: string) => void;
  /** Ends the measurement. */
  readonly signal: AbortSignal;
}

/** Medians of all rounds. */
export interface GatewayRow {
  readonly gateway: GatewayName;
  readonly operation: OperationName;
  readonly callers: number;
  readonly rps: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU microseconds of the gateway's processes for one request. */
  readonly cpuMicros: number;
  /** Resident memory of its processes at the end of a measurement. */
  readonly rssMb: number;
  /** HTTP requests to subgraphs for one request of a caller; several operations in one batch are one. */
  readonly subgraphRequests: number;
}

type Figures = Omit<GatewayRow, 'gateway' | 'operation' | 'callers'>;

/**
 * Load before the first measurement of an operation. V8 goes on optimising for minutes: after four seconds, as this was once, a
 * request cost a fifth more than half a minute later.
 */
const WARM_UP = { callers: 32, seconds: 20 };

/** Ports from one gateway to the next. */
const PORTS_APART = 2;

/**
 * Measures gateways on the same subgraphs and operations. All of them run all the time; in each round each one is asked
 * in turn, so that whatever else the machine does meets all of them.
 */
export async function measureGateways(bench: GatewayBench): Promise<readonly GatewayRow[]> {
  const rows: GatewayRow[] = [];
  const graphs = [
    { start: () => startChildGraph(bench.remembering), operations: ['view', 'caseload'] },
    { start: startShopGraph, operations: ['benchmark'] },
  ] as const;
  for (const { start, operations } of graphs) {
    if (!operations.some((name) => bench.operations.includes(name))) continue;
    bench.onProgress(`starting the subgraphs of ${operations.join(' and ')}`);
    const graph = await start();
    try {
      rows.push(...(await measureOn(graph, bench)));
    } finally {
      await graph.stop();
    }
  }
  return rows;
}

async function measureOn(graph: BenchGraph, bench: GatewayBench): Promise<readonly GatewayRow[]> {
  const gateways = await startAll(graph, bench);
  try {
    const rows: GatewayRow[] = [];
    for (const operation of graph.operations) {
      if (bench.operations.includes(operation.name))
        rows.push(...(await measureOperation(graph, gateways, operation, bench)));
    }
    return rows;
  } finally {
    await Promise.all(gateways.map((gateway) => gateway.stop()));
  }
}

async function startAll(
  graph: BenchGraph,
  { gateways, profiles, onProgress }: GatewayBench,
): Promise<BenchGateway[]> {
  const started: BenchGateway[] = [];
  const first = await findFreeRange();
  for (const [place, name] of gateways.entries()) {
    onProgress(`starting ${name}`);
    try {
      const gateway = await startGateway(name, { graph, port: first + place * PORTS_APART, profiles });
      if (gateway !== undefined) started.push(gateway);
    } catch (cause) {
      onProgress(`${name} is left out: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  }
  return started;
}

async function measureOperation(
  graph: BenchGraph,
  gateways: readonly BenchGateway[],
  operation: BenchOperation,
  { callers, rounds, seconds, onProgress, signal }: GatewayBench,
): Promise<readonly GatewayRow[]> {
  const able = new Set<BenchGateway>();
  const orLeftOut = async (gateway: BenchGateway, measuring: Promise<unknown>) => {
    try {
      await measuring;
      able.add(gateway);
    } catch (cause) {
      able.delete(gateway);
      onProgress(`${gateway.name} is left out: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  };
  for (const gateway of gateways) {
    onProgress(`${operation.name}, warming up ${gateway.name}`);
    await orLeftOut(gateway, applyLoad({ url: gateway.url, operation, ...WARM_UP }));
  }
  const rows: GatewayRow[] = [];
  for (const count of callers) {
    const figures = new Map<BenchGateway, Figures[]>([...able].map((gateway) => [gateway, []]));
    for (let round = 1; round <= rounds; round++) {
      onProgress(`${operation.name}, ${count} callers, round ${round} of ${rounds}`);
      for (const gateway of able) {
        signal.throwIfAborted();
        const measuring = measureOne(graph, gateway, operation, { callers: count, seconds });
        await orLeftOut(
          gateway,
          measuring.then((each) => figures.get(gateway)?.push(each)),
        );
      }
    }
    for (const [gateway, each] of figures)
      if (able.has(gateway))
        rows.push({
          gateway: gateway.name,
          operation: operation.name,
          callers: count,
          ...medians(each),
        });
  }
  return rows;
}

async function measureOne(
  graph: BenchGraph,
  gateway: BenchGateway,
  operation: BenchOperation,
  load: { readonly callers: number; readonly seconds: number },
): Promise<Figures> {
  const pids = gateway.pids();
  const asked = await requestsSoFar(graph.counted);
  const used = cpuOf(pids);
  const { requests, perSecond, p50, p99 } = await applyLoad({ url: gateway.url, operation, ...load });
  const cpu = cpuOf(pids) - used;
  return {
    rps: perSecond,
    p50Ms: p50,
    p99Ms: p99,
    cpuMicros: cpu / requests,
    rssMb: residentMemory(pids) / 1024 ** 2,
    subgraphRequests: ((await requestsSoFar(graph.counted)) - asked) / requests,
  };
}

function medians(figures: readonly Figures[]): Figures {
  const of = (name: keyof Figures, digits: number) => {
    return Number(median(figures.map((each) => each[name])).toFixed(digits));
  };
  return {
    rps: of('rps', 1),
    p50Ms: of('p50Ms', 2),
    p99Ms: of('p99Ms', 2),
    cpuMicros: of('cpuMicros', 0),
    rssMb: of('rssMb', 0),
    subgraphRequests: of('subgraphRequests', 2),
  };
}
