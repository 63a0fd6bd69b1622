import { createServer } from 'node:net';
import { findFreeRange, RANGES } from '@contactpoint/scripts/system/free-ports';

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('no port to be had');
  return address.port;
}

/** Test files that run at once. */
const WORKERS = 2;

/**
 * First port of a range that a system finds free. Files that run at once look in spans of their own: what was free when a
 * system looked would sometimes not be when it starts.
 */
export function freeRange(): Promise<number> {
  const share = Math.floor((RANGES.below - RANGES.from) / WORKERS);
  const from = RANGES.from + share * (Number(process.env['VITEST_POOL_ID'] ?? 0) % WORKERS);
  // The last ports of a range lie beyond its first by less than this.
  return findFreeRange({ from, below: from + share - 50 });
}
