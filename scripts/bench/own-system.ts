import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreeRange } from '../system/free-ports.ts';

/** A system that was started for one measurement, as `npm start` starts it. */
export interface OwnSystem {
  readonly data: string;
  readonly pid: number;
  /** Milliseconds from the command to readiness, with everything new: clusters, keys, children. */
  readonly startedIn: number;
  stop(): Promise<void>;
}

const START = fileURLToPath(new URL('../start.ts', import.meta.url));

/** @throws Error with the last words of a start that failed. */
export async function startOwnSystem(children: number): Promise<OwnSystem> {
  const data = mkdtempSync(join(tmpdir(), 'contactpoint-bench-'));
  const port = await findFreeRange();
  const begun = performance.now();
  const child = spawn(
    process.execPath,
    [START, '--port', String(port), '--children', String(children), '--data', data],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  const ended = new Promise<void>((settle) => child.once('exit', () => settle()));
  const isReady = new Promise<boolean>((settle) => {
    const listen = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('Ctrl-C stops everything')) settle(true);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    void ended.then(() => settle(false));
  });

  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
  if (!(await isReady)) {
    await stop();
    throw new Error(`The system to measure did not start: ${output.trim().split('\n').slice(-5).join('\n')}`);
  }
  return { data, pid: child.pid ?? 0, startedIn: performance.now() - begun, stop };
}

/** The child of the situation `joined`. */
export function joinedChild(data: string): string {
  const { joined } = JSON.parse(readFileSync(join(data, 'scenarios.json'), 'utf8')) as { joined: string };
  return joined;
}
