import type { AuditLog } from '@contactpoint/audit-log/audit-log';
import { cpuOf } from './cpu.ts';

export interface AppendFigures {
  readonly events: number;
  readonly perSecond: number;
  /** Milliseconds from `append` to its receipt. */
  readonly median: number;
  readonly p99: number;
  /** CPU microseconds an event in the process that appends, as the gateway would. */
  readonly cpu: number;
  /** The same of the database's processes. */
  readonly serverCpu: number;
}

export interface AppendLoad {
  readonly log: AuditLog;
  readonly next: () => Uint8Array;
  readonly callers: number;
  readonly seconds: number;
  /** Processes of the log's database. */
  readonly server: () => readonly number[];
}

/** Milliseconds before what counts: compilers and buffers are warm then. */
const WARM_UP = 1_000;

/** Callers that append again as soon as they have a receipt. A rejected append ends the measurement. */
export async function measureAppends(load: AppendLoad): Promise<AppendFigures> {
  await append(load, WARM_UP);
  const before = { own: process.cpuUsage(), server: cpuOf(load.server()), at: performance.now() };
  const latencies = (await append(load, load.seconds * 1_000)).sort((one, other) => one - other);
  const took = performance.now() - before.at;
  const { user, system } = process.cpuUsage(before.own);
  const events = latencies.length;
  return {
    events,
    perSecond: Math.round((events / took) * 1_000),
    median: latencies[Math.floor(events / 2)] ?? 0,
    p99: latencies[Math.floor(events * 0.99)] ?? 0,
    cpu: (user + system) / events,
    serverCpu: (cpuOf(load.server()) - before.server) / events,
  };
}

async function append({ log, next, callers }: AppendLoad, milliseconds: number): Promise<number[]> {
  const latencies: number[] = [];
  const end = performance.now() + milliseconds;
  const call = async () => {
    for (let begun = performance.now(); begun < end; ) {
      await log.append(next());
      const now = performance.now();
      latencies.push(now - begun);
      begun = now;
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  return latencies;
}
