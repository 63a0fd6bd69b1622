import { readFileSync } from 'node:fs';

/** Resident bytes of processes, pages that they share counted for each; one that has ended counts nothing. */
export function residentMemory(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + residentOf(pid), 0);
}

/** @see https://docs.kernel.org/filesystems/proc.html VmRSS */
function residentOf(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
