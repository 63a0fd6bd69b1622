import { leafHash } from '@contactpoint/audit-log/merkle';
import { bootTimeOf } from '@contactpoint/audit-log/origin';
import { createPostgresTiles } from '@contactpoint/audit-log/postgres-tiles';
import { inclusionPath, MissingTileError } from '@contactpoint/audit-log/tiled-tree';
import type { Store } from '@contactpoint/subgraph-kit/store';
import { badArgument } from '@contactpoint/subgraph-kit/subgraph-error';
import { type CheckpointRow, findLatestCheckpoint } from './checkpoints.ts';

export interface InclusionProof {
  readonly origin: string;
  readonly index: string;
  readonly leafHash: string;
  /** Lowest sibling first. */
  readonly path: readonly string[];
  readonly checkpoint: CheckpointRow;
}

/** Leaves are gone that a signed head counts. */
export class LogCutError extends Error {
  override readonly name = 'LogCutError';
}

/**
 * Proves a leaf, a pruned one too, against the latest checkpoint of its log, from a number of tiles that is logarithmic in
 * the log's size.
 *
 * Nothing is verified here: of what the log holds now the proof is made, leaf and all, and whoever reads it sees whether it
 * leads to what was signed. A service that looked first would ask to be believed.
 *
 * @returns Null when no checkpoint covers the leaf.
 * @throws SubgraphError BAD_USER_INPUT when the log has no such leaf either.
 * @throws LogCutError
 */
export async function proveInclusion(
  audit: Store,
  origin: string,
  index: bigint,
): Promise<InclusionProof | null> {
  const checkpoint = await findLatestCheckpoint(audit, origin);
  const [row] = await audit<{ leaf: Uint8Array | null; hash: Uint8Array }[]>`
    select leaf, leaf_hash as hash from leaf
    where origin = ${origin} and index = ${index.toString()}::bigint
      and at >= ${(bootTimeOf(origin) ?? new Date(0)).toISOString()}::timestamptz`;
  if (checkpoint === null || index >= BigInt(checkpoint.size)) {
    if (row === undefined) throw badArgument('index', 'UNKNOWN', 'The log has no such event');
    return null;
  }
  const path = await pathOf(audit, origin, index, BigInt(checkpoint.size));
  if (row === undefined || path === undefined)
    throw new LogCutError(`The log ${origin} lacks leaves that its checkpoint counts`);
  // The stored hash is all that is left of a pruned leaf; of any other it need not be the leaf's.
  const hash = row.leaf === null ? row.hash : leafHash(row.leaf);
  return { origin, index: index.toString(), leafHash: base64(hash), path: path.map(base64), checkpoint };
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
