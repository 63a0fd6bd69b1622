import { verifyInclusion } from '@contactpoint/audit-log/merkle';
import { bootTimeOf } from '@contactpoint/audit-log/origin';
import { createPostgresTiles } from '@contactpoint/audit-log/postgres-tiles';
import { inclusionPath, MissingTileError } from '@contactpoint/audit-log/tiled-tree';
import type { Store } from '@contactpoint/subgraph-kit/store';
import { type CheckpointRow, findLatestCheckpoint } from './checkpoints.ts';

export interface InclusionProof {
  readonly origin: string;
  readonly index: string;
  readonly leafHash: string;
  /** Lowest sibling first. */
  readonly path: readonly string[];
  readonly checkpoint: CheckpointRow;
}

/** The log's leaves do not give the head that was signed: some were changed since. */
export class LogRewrittenError extends Error {
  override readonly name = 'LogRewrittenError';
}

/**
 * Proves a leaf, a pruned one too, against the latest checkpoint of its log, from a number of tiles that is logarithmic in
 * the log's size.
 *
 * @returns Null when no checkpoint covers the leaf.
 * @throws LogRewrittenError rather than a proof that does not verify.
 */
export async function proveInclusion(
  audit: Store,
  origin: string,
  index: bigint,
): Promise<InclusionProof | null> {
  const checkpoint = await findLatestCheckpoint(audit, origin);
  if (checkpoint === null || index >= BigInt(checkpoint.size)) return null;
  const [leaf] = await audit<{ hash: Uint8Array }[]>`
    select leaf_hash as hash from leaf
    where origin = ${origin} and index = ${index.toString()}::bigint
      and at >= ${(bootTimeOf(origin) ?? new Date(0)).toISOString()}::timestamptz`;
  const path = await pathOf(audit, origin, index, BigInt(checkpoint.size));
  const claim = {
    index: Number(index),
    size: Number(checkpoint.size),
    root: Buffer.from(checkpoint.rootHash, 'base64'),
  };
  if (leaf === undefined || path === undefined || !verifyInclusion({ ...claim, leafHash: leaf.hash }, path))
    throw new LogRewrittenError(`The leaves of ${origin} do not give its checkpoint's head`);
  return { origin, index: index.toString(), leafHash: base64(leaf.hash), path: path.map(base64), checkpoint };
}

/** Undefined where the log lacks what the path is made of. */
async function pathOf(audit: Store, origin: string, index: bigint, size: bigint) {
  try {
    return await inclusionPath(createPostgresTiles(audit, origin), index, size);
  } catch (cause) {
    if (cause instanceof MissingTileError) return undefined;
    throw cause;
  }
}

function base64(hash: Uint8Array): string {
  return Buffer.from(hash).toString('base64');
}
