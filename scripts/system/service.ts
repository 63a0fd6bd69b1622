import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export interface ServiceOptions {
  readonly name: string;
  /** Module to run. */
  readonly module: URL;
  /** After the module on its command line; none by default. */
  readonly words?: readonly string[];
  /** The whole environment, but for PATH and HOME: a service sees no setting that is not its own. */
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** URL that answers 200 once the service works. */
  readonly health: string;
}

/** One process of the system. */
export interface Service {
  readonly name: string;
  readonly pid: number;
  /** Settles with the exit code when the process ends, asked to or not. */
  readonly ended: Promise<number>;
  /** Waits until `health` answers 200. @throws Error with the last lines it logged when it ends first or takes too long. */
  ready(): Promise<void>;
  /** SIGTERM, and SIGKILL where the process has not drained within `patience` milliseconds. */
  stop(patience?: number): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

/** Milliseconds a service has to come up. */
const START_LIMIT = 60_000;

/** Milliseconds a service has to drain. */
const STOP_LIMIT = 15_000;

/** Characters of its output kept for the error. */
const LAST_WORDS = 4_000;

/** Compiled modules of earlier starts: a gateway's take half of the time to load. */
const COMPILE_CACHE = fileURLToPath(new URL('../../node_modules/.cache/contactpoint', import.meta.url));

const END_WITH_PARENT = new URL('end-with-parent.ts', import.meta.url).href;

export function startService(options: ServiceOptions): Service {
  const { name, module, words = [], environment, logFile, health } = options;
  mkdirSync(dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile, { flags: 'a' });
  const child = spawn(process.execPath, ['--import', END_WITH_PARENT, fileURLToPath(module), ...words], {
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Ctrl-C reaches the whole terminal; the order in which services stop is ours.
    detached: true,
  });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  const lastWords = lastWordsOf(child);
  const ended = endOf(child).finally(() => log.end());

  return {
    name,
    pid: child.pid ?? 0,
    ended,
    ready: () => waitUntilWell(name, health, ended, lastWords),
    kill: (signal) => child.kill(signal),
    async stop(patience = STOP_LIMIT) {
      child.kill('SIGTERM');
      const drained = await Promise.race([ended.then(() => true), sleep(patience, false, { ref: false })]);
      if (!drained) child.kill('SIGKILL');
      await ended;
    },
  };
}

function endOf(child: ChildProcess): Promise<number> {
  return new Promise((settle) => {
    // Not `exit`: what it said last is still on its way then.
    child.once('close', (code) => settle(code ?? 1));
    child.once('error', () => settle(1));
  });
}

async function waitUntilWell(
  name: string,
  health: string,
  ended: Promise<number>,
  lastWords: () => string,
): Promise<void> {
  let code: number | undefined;
  void ended.then((exit) => {
    code = exit;
  });
  const deadline = performance.now() + START_LIMIT;
  while (code === undefined && performance.now() < deadline) {
    const answer = await fetch(health, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
    if (answer?.status === 200) return;
    await sleep(100);
  }
  const end =
    code === undefined ? `is not ready after ${START_LIMIT / 1000} s` : `ended with exit code ${code}`;
  throw new Error(`${name} ${end}: ${lastWords()}`);
}

/** The last lines of what a process says, its log file being another run's as well. */
function lastWordsOf(child: ChildProcess): () => string {
  let said = '';
  const listen = (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-LAST_WORDS);
  };
  child.stdout?.on('data', listen);
  child.stderr?.on('data', listen);
  return () => said.trim().split('\n').slice(-5).join('\n') || 'it said nothing';
}
