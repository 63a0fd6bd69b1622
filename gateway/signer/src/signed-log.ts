import { MissingTileError } from '@contactpoint/audit-log/tiled-tree';
import { countHashes, type LeafHashes, type LeafRange, READ_AT_ONCE, type Reach } from './leaf-hashes.ts';
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
      // What lies in full tiles is not read again, but the last leaf shows whether the table still reaches that far.
      if ((await hashes.at({ origin, table, from: signed.size - 1n })) === undefined)
        throw new LogRefused(origin, 'ROLLED_BACK');
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
   * @throws LogRefused GAP.
   */
  async grow(reach: Reach): Promise<Growth> {
    const edge = this.#edge.clone();
    const tiles: FullTile[] = [];
    for (;;) {
      const batch = await this.#read(edge.size, reach);
      for (let at = 0; at < batch.byteLength; at += HASH_BYTES) {
        tiles.push(...edge.append(batch.subarray(at, at + HASH_BYTES)));
      }
      const isLast = countHashes(batch) < BigInt(READ_AT_ONCE);
      if (isLast || edge.size - this.#edge.size >= LEAVES_A_ROUND) return { edge, tiles };
    }
  }

  accept({ edge }: Growth): void {
    this.#edge = edge;
  }

  /** @throws LogRefused ROLLED_BACK when leaves that were signed are gone. */
  async requireEnd(): Promise<void> {
    if (this.size === 0n) return;
    if ((await this.#hashes.at({ ...this.end, from: this.size - 1n })) === undefined)
      throw new LogRefused(this.origin, 'ROLLED_BACK');
  }

  /** A clock that was set back looks like a gap where only recent leaves are looked at. */
  async #read(from: bigint, reach: Reach): Promise<Uint8Array> {
    const range = { ...this.end, from };
    const batch = await this.#hashes.read(range, reach);
    if (batch !== undefined) return batch;
    const all = reach === 'all' ? undefined : await this.#hashes.read(range, 'all');
    if (all === undefined) throw new LogRefused(this.origin, 'GAP');
    return all;
  }
}
