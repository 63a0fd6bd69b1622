import { MissingTileError } from '@contactpoint/audit-log/tiled-tree';
import { countHashes, type LeafHashes, type LeafRange, type LogEnd, READ_AT_ONCE } from './leaf-hashes.ts';
import { LogRefused } from './log-refused.ts';
import { type FullTile, HASH_BYTES, RightEdge } from './right-edge.ts';
import { hasSameRoot, type SignedCheckpoint } from './signed-checkpoint.ts';
import type { LeafTable, SignerSession } from './signer-session.ts';

/** What one round adds to a log. */
export interface Growth {
  readonly edge: RightEdge;
  /** Tiles that became full. */
  readonly tiles: readonly FullTile[];
}

/** Most leaves that one checkpoint adds: a log that was left alone for long is caught up with in several rounds. */
const LEAVES_A_ROUND = 4n * BigInt(READ_AT_ONCE);

/** One log in the database, held against what was signed of it. */
export class SignedLog {
  readonly origin: string;
  readonly table: LeafTable;
  readonly #hashes: LeafHashes;
  #edge: RightEdge;

  private constructor(origin: string, table: LeafTable, hashes: LeafHashes, edge: RightEdge) {
    this.origin = origin;
    this.table = table;
    this.#hashes = hashes;
    this.#edge = edge;
  }

  /**
   * Reads the edge of the tree that was signed last from the database, all of whose hashes depend on every leaf below.
   *
   * @throws LogRefused ROLLED_BACK or FORKED, when it is not what was signed.
   */
  static async open(
    { origin, table }: Pick<LeafRange, 'origin' | 'table'>,
    signed: SignedCheckpoint | undefined,
    session: SignerSession,
    hashes: LeafHashes,
  ): Promise<SignedLog> {
    if (signed === undefined) return new SignedLog(origin, table, hashes, RightEdge.empty());
    try {
      const edge = await RightEdge.read(session.tiles(origin, table), signed.size);
      if (!hasSameRoot(signed, { root: edge.root() })) throw new LogRefused(origin, 'FORKED');
      return new SignedLog(origin, table, hashes, edge);
    } catch (cause) {
      if (cause instanceof MissingTileError) throw new LogRefused(origin, 'ROLLED_BACK', { cause });
      throw cause;
    }
  }

  get size(): bigint {
    return this.#edge.size;
  }

  /** Where the next leaf is looked for. */
  get end(): LeafRange {
    return { origin: this.origin, table: this.table, from: this.#edge.size };
  }

  /**
   * Reads what has been appended since. Nothing is changed by it: a growth that is signed is given to `accept`.
   *
   * @throws LogRefused ROLLED_BACK when leaves that were signed are gone, GAP.
   */
  async grow({ waiting, isWhole }: LogEnd): Promise<Growth> {
    if (!isWhole) throw new LogRefused(this.origin, 'ROLLED_BACK');
    const edge = this.#edge.clone();
    const tiles: FullTile[] = [];
    const end = edge.size + (waiting < LEAVES_A_ROUND ? waiting : LEAVES_A_ROUND);
    while (edge.size < end) {
      const batch = await this.#read(edge.size, end - edge.size);
      for (let at = 0; at < batch.byteLength; at += HASH_BYTES) {
        tiles.push(...edge.append(batch.subarray(at, at + HASH_BYTES)));
      }
    }
    return { edge, tiles };
  }

  accept({ edge }: Growth): void {
    this.#edge = edge;
  }

  /** A clock that was set back looks like a gap, or like an end, where only recent leaves are looked at. */
  async #read(from: bigint, count: bigint): Promise<Uint8Array> {
    const range = { ...this.end, from };
    const isEnough = (batch: Uint8Array | undefined) =>
      batch !== undefined && countHashes(batch) >= (count < READ_AT_ONCE ? count : BigInt(READ_AT_ONCE));
    for (const reach of ['recent', 'all'] as const) {
      const batch = await this.#hashes.read(range, reach);
      if (batch !== undefined && isEnough(batch)) return batch;
    }
    throw new LogRefused(this.origin, 'GAP');
  }
}
