import { MerkleTree } from '@contactpoint/audit-log/merkle';
import type { Store } from '@contactpoint/subgraph-kit/store';

/** A signed head of a log. Hashes are base64, as in the note itself. @see https://c2sp.org/tlog-checkpoint */
export interface CheckpointRow {
  readonly origin: string;
  readonly size: string;
  readonly rootHash: string;
  readonly signedNote: string;
  readonly at: string;
}

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

/** The latest of each log; none while the log's database keeps no checkpoints. */
export async function findCheckpoints(audit: Store): Promise<readonly CheckpointRow[]> {
  if (!(await keepsCheckpoints(audit))) return [];
  return await audit<CheckpointRow[]>`
    select distinct on (origin) ${checkpointColumns(audit)} from checkpoint order by origin, size desc`;
}

/** Of the log with the newest checkpoint. */
export async function findNewestCheckpoint(audit: Store): Promise<CheckpointRow | null> {
  if (!(await keepsCheckpoints(audit))) return null;
  const [newest] = await audit<CheckpointRow[]>`
    select ${checkpointColumns(audit)} from checkpoint order by at desc, size desc limit 1`;
  return newest ?? null;
}

/**
 * Proves a leaf against the latest checkpoint of its log.
 *
 * @returns Null when no checkpoint covers the leaf.
 * @throws LogRewrittenError rather than a proof that does not verify.
 */
export async function proveInclusion(
  audit: Store,
  origin: string,
  index: bigint,
): Promise<InclusionProof | null> {
  if (!(await keepsCheckpoints(audit))) return null;
  const [checkpoint] = await audit<CheckpointRow[]>`
    select ${checkpointColumns(audit)} from checkpoint where origin = ${origin} order by size desc limit 1`;
  if (checkpoint === undefined || index >= BigInt(checkpoint.size)) return null;

  const rows = await audit<{ hash: Uint8Array }[]>`
    select leaf_hash as hash from leaf
    where origin = ${origin} and index < ${checkpoint.size}::bigint order by index`;
  const tree = new MerkleTree(rows.map(({ hash }) => hash));
  if (tree.size !== Number(checkpoint.size) || base64(tree.root()) !== checkpoint.rootHash)
    throw new LogRewrittenError(`The leaves of ${origin} do not give its checkpoint's head`);
  return {
    origin,
    index: index.toString(),
    leafHash: base64(rows[Number(index)]?.hash ?? new Uint8Array()),
    path: tree.inclusionProof(Number(index)).map(base64),
    checkpoint,
  };
}

function checkpointColumns(audit: Store) {
  return audit`
    origin, size, encode(root_hash, 'base64') as "rootHash", signed_note as "signedNote", at`;
}

async function keepsCheckpoints(audit: Store): Promise<boolean> {
  const [row] = await audit<{ kept: boolean }[]>`select to_regclass('public.checkpoint') is not null as kept`;
  return row?.kept === true;
}

function base64(hash: Uint8Array): string {
  return Buffer.from(hash).toString('base64');
}
