import { decodeBase64 } from '@contactpoint/audit-log/base64';
import { readCheckpoint } from '@contactpoint/audit-log/checkpoint';
import { NODE, siblingSides } from '@contactpoint/audit-log/inclusion-sides';
import {
  ED25519,
  keyHashInput,
  keyHashOf,
  NoteError,
  type NoteSignature,
  readNote,
  readWrittenKey,
  type SignedNote,
} from '@contactpoint/audit-log/note-format';

/** An inclusion proof as the contract's `inclusionProof` answers it; hashes are base64. */
export interface ShownProof {
  readonly origin: string;
  readonly index: string;
  readonly leafHash: string;
  /** Lowest sibling first. */
  readonly path: readonly string[];
  readonly checkpoint: { readonly signedNote: string };
}

export interface ShownProofClaim {
  /** The receipt whose event is to be proven. */
  readonly origin: string;
  readonly index: string;
  /** Verifier keys of deployments, one a line, from anywhere but where the proof came from. */
  readonly keys: string;
}

/** What was proven: that the leaf of this hash stands in the tree that was signed. */
export interface ProvenEvent {
  readonly origin: string;
  readonly index: string;
  readonly leafHash: string;
  /** Leaves of the tree. */
  readonly size: bigint;
}

/**
 * What of a proof does not hold. OTHER_EVENT: it is of another event. UNREADABLE: it is no proof. NO_KEY: there is no key of
 * the log. SIGNATURE: the log did not sign the checkpoint. PATH: the leaf does not lead to what was signed.
 */
export type ShownProofFault = 'OTHER_EVENT' | 'UNREADABLE' | 'NO_KEY' | 'SIGNATURE' | 'PATH';

export class ShownProofError extends Error {
  override readonly name = 'ShownProofError';
  readonly fault: ShownProofFault;

  constructor(fault: ShownProofFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

/**
 * Checks a proof where there is no Node: formats and the way through the tree are those of `checkProof`, hashes and
 * signatures are Web Cryptography's.
 *
 * @throws (rejects) ShownProofError
 * @see https://www.w3.org/TR/webcrypto-2/ Ed25519, for secure contexts alone
 */
export async function checkShownProof(proof: ShownProof, claim: ShownProofClaim): Promise<ProvenEvent> {
  if (proof.origin !== claim.origin || proof.index !== claim.index)
    throw new ShownProofError('OTHER_EVENT', 'The proof is of another event');
  const { note, checkpoint } = read(() => {
    const note = readNote(proof.checkpoint.signedNote);
    return { note, checkpoint: readCheckpoint(note.text) };
  });
  if (checkpoint.origin !== claim.origin)
    throw new ShownProofError('OTHER_EVENT', 'The checkpoint is of another log');
  await requireSignature(note, claim);

  const { size, root } = checkpoint;
  const hashes = [proof.leafHash, ...proof.path].map((hash) => decodeBase64(hash));
  if (!hashes.every((hash) => hash?.length === HASH_BYTES))
    throw new ShownProofError('UNREADABLE', 'A hash of the proof is none');
  const [leafHash, ...path] = hashes as [Bytes, ...Bytes[]];
  const sides = siblingSides(Number(claim.index), Number(size));
  let hash = leafHash;
  if (sides?.length === path.length) {
    for (const [place, sibling] of path.entries())
      hash = await nodeHash(
        ...(sides[place] === 'LEFT' ? ([sibling, hash] as const) : ([hash, sibling] as const)),
      );
  }
  if (sides?.length !== path.length || !areSame(hash, root)) {
    const message = 'What the log holds there now does not lead to what it signed';
    throw new ShownProofError('PATH', message);
  }
  return { origin: claim.origin, index: claim.index, leafHash: proof.leafHash, size };
}

type Bytes = Uint8Array<ArrayBuffer>;

const HASH_BYTES = 32;

/** All logs of a deployment have its key, each under its own name. Signatures of other keys say nothing. */
async function requireSignature(note: SignedNote, { origin, keys }: ShownProofClaim): Promise<void> {
  const [deployment] = origin.split('/');
  const written = keys
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => read(() => readWrittenKey(line)))
    .filter((key) => key.name === deployment && key.type === ED25519);
  if (written.length === 0) throw new ShownProofError('NO_KEY', `There is no public key of ${deployment}`);
  let verified = 0;
  for (const { publicKey, type } of written) {
    const keyHash = keyHashOf(await sha256(read(() => keyHashInput(origin, { type, publicKey }))));
    const isByIt = ({ name, keyHash: stated }: NoteSignature) => name === origin && areSame(stated, keyHash);
    for (const { signature } of note.signatures.filter(isByIt)) {
      if (!(await isSigned(publicKey, signature, note.text)))
        throw new ShownProofError('SIGNATURE', 'A signature of the checkpoint does not verify');
      verified++;
    }
  }
  if (verified === 0) throw new ShownProofError('SIGNATURE', 'The checkpoint is not signed by a known key');
}

async function isSigned(publicKey: Bytes, signature: Bytes, text: string): Promise<boolean> {
  const key = await crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']);
  return await crypto.subtle.verify('Ed25519', key, signature, new TextEncoder().encode(text));
}

async function nodeHash(left: Bytes, right: Bytes): Promise<Bytes> {
  return await sha256(Uint8Array.of(NODE, ...left, ...right));
}

async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

function areSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, place) => byte === other[place]);
}

function read<T>(format: () => T): T {
  try {
    return format();
  } catch (cause) {
    if (cause instanceof NoteError) throw new ShownProofError('UNREADABLE', cause.message);
    throw cause;
  }
}
