import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { portsFrom } from './ports.ts';

/** Milliseconds between two looks at a port that is about to become free. */
const PAUSE = 100;

/**
 * Makes sure that nobody else answers where this system is about to: a stranger's `/health` would pass for ours.
 *
 * @param ports By the name of who needs it.
 * @param patience Milliseconds to wait for processes that are about to let go of theirs.
 * @throws Error naming each port that is taken, and for whom it was meant.
 */
export async function requireFreePorts(
  ports: Readonly<Record<string, number>>,
  patience: number,
): Promise<void> {
  const deadline = performance.now() + patience;
  for (;;) {
    const taken = await takenPorts(ports);
    if (taken.length === 0) return;
    if (performance.now() >= deadline) {
      const named = taken.map((name) => `${ports[name]} (${name})`).join(', ');
      throw new Error(`Another program listens on ${named}: stop it, or set PORT to move all of them`);
    }
    await sleep(PAUSE);
  }
}

export interface PortSpan {
  readonly from: number;
  readonly below: number;
}

/** Where ranges are looked for: below those that the kernel gives to connections. */
export const RANGES = { from: 10_000, below: 32_000 } as const;

/** First port of a range that one system finds free. */
export async function findFreeRange({ from, below }: PortSpan = RANGES): Promise<number> {
  for (;;) {
    const port = randomInt(from, below);
    if ((await takenPorts({ ...portsFrom(port) })).length === 0) return port;
  }
}

/** @returns Names of those whose port cannot be listened on. */
export async function takenPorts(ports: Readonly<Record<string, number>>): Promise<string[]> {
  const looks = await Promise.all(
    Object.entries(ports).map(async ([name, port]) => ((await isFree(port)) ? [] : [name])),
  );
  return looks.flat();
}

function isFree(port: number): Promise<boolean> {
  return new Promise((settle) => {
    const server = createServer();
    server.once('error', () => settle(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => settle(true)));
  });
}
