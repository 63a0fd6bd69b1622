import { randomInt } from 'node:crypto';
import { Pool } from 'undici';
import { summarise } from '../latency.ts';
import type { BenchOperation } from './operations.ts';

export interface Load {
  readonly url: string;
  readonly operation: BenchOperation;
  readonly callers: number;
  readonly seconds: number;
}

export interface LoadFigures {
  readonly requests: number;
  readonly perSecond: number;
  /** Milliseconds, from sending to the last byte. */
  readonly p50: number;
  readonly p99: number;
}

/**
 * Callers who each ask again as soon as they are answered.
 *
 * @throws Error for an answer with errors, or that is not whole.
 */
export async function applyLoad({ url, operation, callers, seconds }: Load): Promise<LoadFigures> {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections: callers, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
  const headers = { 'content-type': 'application/json', ...(await operation.headers()) };
  const times: number[] = [];
  const begun = performance.now();
  const end = begun + seconds * 1_000;
  const call = async (): Promise<void> => {
    while (performance.now() < end) {
      const body = operation.bodies[randomInt(operation.bodies.length)] ?? '';
      const asked = performance.now();
      const answer = await pool.request({ path: pathname, method: 'POST', headers, body });
      const bytes = Buffer.from(await answer.body.arrayBuffer());
      times.push(performance.now() - asked);
      if (answer.statusCode !== 200 || bytes.includes('"errors":[') || !bytes.includes(operation.whole))
        throw new Error(`${operation.name} is answered ${answer.statusCode}, ${complaintOf(bytes)}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: callers }, call));
    const took = performance.now() - begun;
    const { median, p99 } = summarise(times);
    return { requests: times.length, perSecond: (times.length / took) * 1_000, p50: median, p99 };
  } finally {
    await pool.destroy();
  }
}

function complaintOf(answer: Buffer): string {
  try {
    const { errors } = JSON.parse(answer.toString()) as { readonly errors?: readonly unknown[] };
    return JSON.stringify(errors?.[0] ?? 'not whole').slice(0, 500);
  } catch {
    return 'no JSON';
  }
}
