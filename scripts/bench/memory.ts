import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** What one process and everything below it takes. */
export interface Memory {
  /** Bytes by program, `node` and `postgres`; pages shared by several processes count once. */
  readonly byProgram: ReadonlyMap<string, number>;
  readonly total: number;
  readonly processes: number;
}

/**
 * Memory of a process and all its descendants, proportional set size: what two PostgreSQL processes share is not
 * counted twice, as resident set sizes would.
 *
 * @see https://docs.kernel.org/filesystems/proc.html smaps_rollup
 */
export function measureMemory(root: number): Memory {
  const byProgram = new Map<string, number>();
  const pids = familyOf(root);
  for (const pid of pids) {
    const bytes = proportionalSize(pid);
    const program = programOf(pid);
    byProgram.set(program, (byProgram.get(program) ?? 0) + bytes);
  }
  const total = [...byProgram.values()].reduce((sum, bytes) => sum + bytes, 0);
  return { byProgram, total, processes: pids.length };
}

export function familyOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? parentOf(Number(name)) : undefined;
    if (parent === undefined) continue;
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const family: number[] = [];
  for (const next = [root]; next.length > 0; ) {
    const pid = next.pop() as number;
    family.push(pid);
    next.push(...(children.get(pid) ?? []));
  }
  return family;
}

/** Field 4 of proc_pid_stat(5), behind a name in brackets that may itself hold anything. */
function parentOf(pid: number): number | undefined {
  const stat = read(pid, 'stat');
  return stat === undefined ? undefined : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/** Zero for a process that has ended meanwhile. */
function proportionalSize(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB$/m.exec(read(pid, 'smaps_rollup') ?? '')?.[1] ?? 0) * 1024;
}

function programOf(pid: number): string {
  const [words = ''] = (read(pid, 'cmdline') ?? '').split('\0');
  return /postgres/.test(words) ? 'postgres' : basename(words) || 'other';
}

function read(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}
