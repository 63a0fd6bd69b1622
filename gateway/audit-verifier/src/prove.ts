import { readCheckpoint } from '@contactpoint/audit-log/checkpoint';
import type { Hash } from '@contactpoint/audit-log/merkle';
import { readNote } from '@contactpoint/audit-log/note-format';
import { inclusionPath, type TileSource } from '@contactpoint/audit-log/tiled-tree';
import { encodeExtra } from './proof-extra.ts';
import { writeProof } from './tlog-proof.ts';

/** One leaf of a log, and what a proof of it takes. */
export interface ProvableLeaf {
  readonly index: number;
  readonly leafHash: Hash;
  /** Only where whoever gets the proof may read it: it holds the nonce too. */
  readonly leaf?: Uint8Array;
  /** Signed note of a checkpoint that covers it. */
  readonly checkpoint: string;
  readonly tiles: TileSource;
}

/**
 * Writes the proof that a leaf stands in its log, for whoever has the public key and nothing else.
 *
 * @throws RangeError when the checkpoint does not cover the leaf; MissingTileError when the tree is not whole.
 */
export async function proveLeaf({ index, leafHash, leaf, checkpoint, tiles }: ProvableLeaf): Promise<string> {
  const { size } = readCheckpoint(readNote(checkpoint).text);
  const path = await inclusionPath(tiles, BigInt(index), size);
  const extra = encodeExtra(leaf === undefined ? { leafHash } : { leaf });
  return writeProof({ extra, index: BigInt(index), path, checkpoint });
}
