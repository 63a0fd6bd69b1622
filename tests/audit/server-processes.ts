import { readdirSync, readlinkSync, realpathSync } from 'node:fs';

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

/** Sends a signal to all of them; one that has ended meanwhile is let go. */
export function signalServer(data: string, signal: NodeJS.Signals): void {
  for (const pid of serverProcesses(data)) {
    try {
      process.kill(pid, signal);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ESRCH') throw cause;
    }
  }
}
