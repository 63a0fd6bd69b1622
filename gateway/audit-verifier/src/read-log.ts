import type { Hash } from '@contactpoint/audit-log/merkle';
import type { Tiles } from './checks/tiles.ts';
import type { TreeHeads } from './checks/tree-heads.ts';
import { LogFault } from './fault.ts';
import type { Findings } from './findings.ts';
import { Frontier } from './frontier.ts';
import type { LeafBatch, SourceLog } from './log-source.ts';

export interface LogReading {
  readonly log: SourceLog;
  readonly heads: TreeHeads;
  readonly tiles: Tiles;
  /** Told of each leaf in order. */
  readonly onLeaf: (index: number, leaf: Uint8Array | undefined, hash: Hash) => void;
  /** Leaves that the newest checkpoint covers, as far as it is known by now. */
  readonly covered: () => number;
  readonly findings: Findings;
}

/** What was there. */
export interface ReadLog {
  readonly leaves: number;
  /** Head over all of them. */
  readonly root: Hash;
  /** False where reading ended before the log did. */
  readonly isWhole: boolean;
}

/** Reads one log once, from its first leaf to its last, and lets every check see it on the way. */
export async function readLog(reading: LogReading): Promise<ReadLog> {
  const { log, heads, findings } = reading;
  const frontier = new Frontier();
  let isWhole = true;
  if (heads.next === 0) await heads.compare(frontier);
  try {
    for await (const batch of log.leaves()) {
      requireNext(batch, frontier.size, log.origin);
      await readBatch(batch, frontier, reading);
    }
  } catch (cause) {
    if (!(cause instanceof LogFault)) throw cause;
    findings.add(cause.fault);
    isWhole = false;
  }
  heads.end(frontier.size, isWhole);
  return { leaves: frontier.size, root: frontier.root(), isWhole };
}

async function readBatch(batch: LeafBatch, frontier: Frontier, reading: LogReading): Promise<void> {
  const { heads, tiles, onLeaf, covered } = reading;
  const onSubtree = (height: number, hash: Hash) => tiles.add(height, hash);
  for (const [place, hash] of batch.hashes.entries()) {
    onLeaf(frontier.size, batch.leaves[place], hash);
    tiles.add(0, hash);
    frontier.append(hash, onSubtree);
    if (tiles.hasFull) await tiles.compareFull();
    if (frontier.size !== heads.next) continue;
    await heads.compare(frontier);
    if (frontier.size === covered()) await tiles.comparePartial();
  }
}

/** A source promises to leave nothing out; that it does is looked at all the same. */
function requireNext({ first, hashes, leaves }: LeafBatch, next: number, origin: string): void {
  if (first === next && hashes.length === leaves.length) return;
  throw new LogFault({
    code: 'INDEX',
    origin,
    index: next,
    message: `leaf ${first} stands where leaf ${next} should`,
  });
}
