import { readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds for a shutdown that finishes what is committed, and then for one that leaves it to recovery. */
const FAST_SHUTDOWN = 15_000;
const IMMEDIATE_SHUTDOWN = 5_000;

/**
 * Stops the server that still runs on a cluster's folder, if one does: a start that was killed leaves its own behind,
 * and two on one folder would destroy it. A note of a server that is gone is cleared away: its number may be another
 * program's by now, which PostgreSQL would take for a server.
 *
 * @param data Folder with `postmaster.pid`.
 * @throws Error naming the process that does not end.
 * @see https://www.postgresql.org/docs/18/server-shutdown.html
 */
export async function stopPostmaster(data: string): Promise<void> {
  const pid = notedPostmaster(data);
  if (pid === undefined) return;
  for (const [signal, patience] of [
    ['SIGINT', FAST_SHUTDOWN],
    ['SIGQUIT', IMMEDIATE_SHUTDOWN],
  ] as const) {
    // Without their postmaster the others end by themselves.
    if (workingIn(data).includes(pid)) process.kill(pid, signal);
    for (const deadline = performance.now() + patience; performance.now() < deadline; await sleep(50)) {
      if (workingIn(data).length > 0) continue;
      rmSync(join(data, 'postmaster.pid'), { force: true });
      return;
    }
  }
  throw new Error(`PostgreSQL of a former start (process ${pid}) still runs on ${data}: end it first`);
}

/** Its first line is the process; the file is there while a server runs, and after one was killed. */
function notedPostmaster(data: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n', 1)[0]);
    return Number.isInteger(pid) && pid > 1 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Every process of a server has its cluster's folder as its own. */
export function workingIn(data: string): number[] {
  const folder = realpathSync(data);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => folderOf(pid) === folder);
}

/** @returns undefined for a process that is gone, or somebody else's. */
function folderOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}
