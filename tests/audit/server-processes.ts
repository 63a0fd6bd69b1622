import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Postmaster and all its processes: each works in the cluster's folder. */
export function serverProcesses(data: string): number[] {
  const folder = realpathSync(data);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) === folder;
      } catch {
        return false;
      }
    });
}

/** One that has ended meanwhile is let go. */
function signalServer(data: string, signal: NodeJS.Signals): void {
  for (const pid of serverProcesses(data)) {
    try {
      process.kill(pid, signal);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ESRCH') throw cause;
    }
  }
}

/** Until none is left: the postmaster may have started one more while they were looked for. */
export async function killServer(data: string): Promise<void> {
  for (; serverProcesses(data).length > 0; await sleep(10)) signalServer(data, 'SIGKILL');
}

/** What it calls itself, whether it runs, and where in the kernel it waits. */
export function stateOfProcess(pid: number): string {
  const read = (name: string) => {
    try {
      return readFileSync(`/proc/${pid}/${name}`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return 'gone';
    }
  };
  return [pid, read('cmdline').slice(0, 80), /^State:.*$/m.exec(read('status'))?.[0], read('wchan')].join(
    ' ',
  );
}
