import { readFileSync } from 'node:fs';

/** Microseconds of one clock tick as /proc counts them: USER_HZ is 100 on every Linux that Node runs on. */
const TICK = 10_000;

/**
 * CPU microseconds that processes have used so far, user and system; one that has ended counts nothing.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
export function cpuOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + ticksOf(pid), 0) * TICK;
}

function ticksOf(pid: number): number {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return 0;
  }
  // Behind a name in brackets that may itself hold anything; utime and stime are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
