import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { takenPorts } from '@contactpoint/scripts/system/free-ports';
import { portsFrom } from '@contactpoint/scripts/system/ports';
import { freeRange } from '../free-port.ts';

const SCRIPT = fileURLToPath(new URL('../../scripts/start.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A folder and a range of ports on which `npm start` is run, perhaps several times. */
export class StartPlace {
  readonly data = mkdtempSync(join(tmpdir(), 'contactpoint-start-'));
  readonly port: number;

  private constructor(port: number) {
    this.port = port;
  }

  static async find(): Promise<StartPlace> {
    return new StartPlace(await freeRange());
  }

  run(environment: Readonly<Record<string, string>> = {}, words: readonly string[] = []): StartCommand {
    return this.#spawn(process.execPath, [SCRIPT, ...words], environment);
  }

  /** As the README says it, with npm and a shell between the caller and the system. */
  runByNpm(): StartCommand {
    return this.#spawn('npm', ['start'], {});
  }

  #spawn(
    program: string,
    words: readonly string[],
    environment: Readonly<Record<string, string>>,
  ): StartCommand {
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(program, words, {
      cwd: ROOT,
      env: {
        PATH,
        HOME,
        PORT: String(this.port),
        CONTACTPOINT_DATA: this.data,
        CONTACTPOINT_CHILDREN: '40',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new StartCommand(child);
  }

  /** Everything of this machine that still has to do with the place: processes by their settings, and ports. */
  async leftBehind(): Promise<string[]> {
    const ports = await takenPorts({ ...portsFrom(this.port) });
    return [
      ...processesOf(this.data).map(({ pid }) => `process ${pid}`),
      ...ports.map((name) => `port of ${name}`),
    ];
  }

  /** Ends what is left by its number, and removes the folder. */
  remove(): void {
    // Again, for what one of them was about to start.
    for (let left = processesOf(this.data); left.length > 0; left = processesOf(this.data)) {
      for (const { pid } of left) endNow(pid);
    }
    rmSync(this.data, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

/** `npm start` under way. */
export class StartCommand {
  readonly pid: number;
  /** Exit code; null after a signal that it did not survive. */
  readonly ended: Promise<number | null>;
  #output = '';
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.pid = child.pid ?? 0;
    const listen = (chunk: Buffer) => {
      this.#output += chunk.toString();
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    this.ended = new Promise((settle) => child.once('exit', settle));
  }

  get output(): string {
    return this.#output;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Waits for words in its output. @throws Error with all of it when it ends without them. */
  async says(words: string): Promise<void> {
    let over = false;
    void this.ended.then(() => {
      over = true;
    });
    while (!this.#output.includes(words)) {
      if (over) throw new Error(`It ended without saying "${words}": ${this.#output}`);
      await new Promise((later) => setTimeout(later, 20));
    }
  }

  ready(): Promise<void> {
    return this.says('Ctrl-C stops everything');
  }
}

function endNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** Processes that name a folder in their words or their settings. */
export function processesOf(folder: string): { readonly pid: number; readonly words: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const settings = readFileSync(`/proc/${name}/environ`, 'utf8');
        return words.includes(folder) || settings.includes(folder) ? [{ pid: Number(name), words }] : [];
      } catch {
        return [];
      }
    });
}
