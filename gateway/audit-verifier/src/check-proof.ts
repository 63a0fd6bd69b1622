import type { LogKeys } from '@contactpoint/audit-log/log-keys';
import { type Hash, verifyInclusion } from '@contactpoint/audit-log/merkle';
import { NoteError } from '@contactpoint/audit-log/note-format';
import { type NoteVerifier, verifiedBy } from '@contactpoint/audit-log/signed-note';
import { LogFault } from './fault.ts';
import { decodeExtra, leafHashOf } from './proof-extra.ts';
import { readSignedCheckpoint, type SignedCheckpoint } from './signed-checkpoint.ts';
import { ProofFormatError, readProof, type TlogProof } from './tlog-proof.ts';

/** What a proof proves. */
export interface ProvenLeaf {
  readonly origin: string;
  readonly index: number;
  /** Leaves of the tree that it stands in. */
  readonly size: number;
  readonly leafHash: Hash;
  /** Where the proof carries it. */
  readonly leaf?: Uint8Array;
  /** Witnesses among the known ones that signed that tree. */
  readonly witnesses: readonly string[];
}

/** The proof does not hold. The message says what of it. */
export class ProofError extends Error {
  override readonly name = 'ProofError';
}

/**
 * Checks a proof with nothing but public keys.
 *
 * @throws ProofError
 * @see https://c2sp.org/tlog-proof
 */
export function checkProof(text: string, keys: LogKeys, witnesses: readonly NoteVerifier[] = []): ProvenLeaf {
  const proof = read(text);
  const extra = decodeExtra(proof.extra ?? new Uint8Array());
  if (extra === undefined) throw new ProofError('The proof says neither leaf nor leaf hash');
  const checkpoint = requireCheckpoint(proof.checkpoint, keys);
  const { origin, size, root } = checkpoint;
  const index = Number(proof.index);
  const hash = leafHashOf(extra);
  if (!verifyInclusion({ index, size, leafHash: hash, root }, proof.path)) {
    throw new ProofError(`The path does not lead from leaf ${index} to the head of ${origin} at ${size}`);
  }
  return {
    origin,
    index,
    size,
    leafHash: hash,
    ...('leaf' in extra ? { leaf: extra.leaf } : {}),
    witnesses: requireWitnesses(checkpoint, witnesses),
  };
}

function read(text: string): TlogProof {
  try {
    return readProof(text);
  } catch (cause) {
    if (cause instanceof ProofFormatError)
      throw new ProofError(`It is no proof: ${cause.message}`, { cause });
    throw cause;
  }
}

function requireCheckpoint(note: string, keys: LogKeys): SignedCheckpoint {
  try {
    return readSignedCheckpoint(note, keys, { origin: '' });
  } catch (cause) {
    if (cause instanceof LogFault) throw new ProofError(cause.fault.message, { cause });
    throw cause;
  }
}

function requireWitnesses({ note }: SignedCheckpoint, witnesses: readonly NoteVerifier[]): readonly string[] {
  try {
    return verifiedBy(note, witnesses);
  } catch (cause) {
    if (cause instanceof NoteError) throw new ProofError(cause.message, { cause });
    throw cause;
  }
}
