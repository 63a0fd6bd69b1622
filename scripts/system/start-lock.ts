import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Proof that one start alone serves a folder. */
export interface StartLock {
  /** Whether the start before this one was killed: what it had started may still be ending. */
  readonly isInherited: boolean;
  release(): void;
}

/**
 * Takes a folder for this process, before anything in it is touched. A lock whose process is gone is taken over.
 *
 * @throws Error where another process serves the folder: two would share databases and ports.
 */
export function takeStartLock(data: string): StartLock {
  mkdirSync(data, { recursive: true });
  const file = join(data, 'start.lock');
  const release = () => rmSync(file, { force: true });
  if (wrote(file)) return { isInherited: false, release };

  const holder = readHolder(file);
  if (holder !== undefined && isAlive(holder)) {
    throw new Error(
      `A system already runs on ${data} (process ${holder.pid}): stop it, or set CONTACTPOINT_DATA`,
    );
  }
  release();
  if (wrote(file)) return { isInherited: true, release };
  throw new Error(`Another start took ${data} at the same moment`);
}

interface Holder {
  readonly pid: number;
  /** When the process began, in the kernel's words; numbers are given to other processes later. */
  readonly begun: string;
}

function wrote(file: string): boolean {
  try {
    const lock = openSync(file, 'wx', 0o600);
    writeSync(lock, `${process.pid} ${begunAt(process.pid) ?? ''}\n`);
    closeSync(lock);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  }
}

function readHolder(file: string): Holder | undefined {
  const [pid, begun = ''] = readFileSync(file, 'utf8').trim().split(' ');
  return pid === undefined || !/^\d+$/.test(pid) ? undefined : { pid: Number(pid), begun };
}

function isAlive({ pid, begun }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return begun === '' || begunAt(pid) === begun;
}

/** Field 22 of proc_pid_stat(5); the second field is a name in brackets that may itself hold anything. */
function begunAt(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
