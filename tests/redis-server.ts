import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const SETPRIV = '/usr/bin/setpriv';

/** A Redis of a test's own. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** SIGKILL, as a machine that is gone: it says goodbye to nobody. */
  kill(): Promise<void>;
  /** Ends it, where it still runs, and removes what it left. */
  stop(): Promise<void>;
}

/** Debian 12's Redis is older than WAITAOF; Valkey has it. */
export type RedisProgram = 'redis-server' | 'valkey-server';

/** Whether the program is on this machine. No npm package ships it. */
export function hasRedis(program: RedisProgram = 'redis-server'): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/**
 * @param more Further settings, as on its command line.
 * @throws Error when it does not answer within 10 s.
 */
export async function startRedis(
  port: number,
  more: readonly string[] = [],
  server: RedisProgram = 'redis-server',
): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'contactpoint-test-redis-'));
  const settings = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--dir', folder, ...more];
  // With a run of tests that is killed it ends too, where util-linux is there to see to it.
  const [program = '', ...words] = existsSync(SETPRIV)
    ? [SETPRIV, '--pdeathsig', 'TERM', '--', server]
    : [server];
  const child = spawn(program, [...words, ...settings], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await ended;
  };
  await answering(port, child, server);
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill: () => end('SIGKILL'),
    async stop() {
      await end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answering(port: number, child: ChildProcess, server: RedisProgram): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (performance.now() < deadline && child.exitCode === null) {
    if (await takesConnections(port)) return;
    await sleep(20);
  }
  child.kill('SIGKILL');
  throw new Error(`${server} does not answer`);
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
