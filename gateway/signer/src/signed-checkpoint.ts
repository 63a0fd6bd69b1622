import { readCheckpoint } from '@contactpoint/audit-log/checkpoint';
import type { Hash } from '@contactpoint/audit-log/merkle';
import { readNote } from '@contactpoint/audit-log/note-format';

/** Head of a log under our signature. */
export interface SignedCheckpoint {
  readonly origin: string;
  readonly size: bigint;
  readonly root: Hash;
  /** As it is published. */
  readonly note: string;
}

/** @throws NoteError when it is no checkpoint; the signature is for others to verify. */
export function readSignedCheckpoint(note: string): SignedCheckpoint {
  const { origin, size, root } = readCheckpoint(readNote(note).text);
  return { origin, size, root, note };
}

export function hasSameRoot(one: Pick<SignedCheckpoint, 'root'>, other: { readonly root: Hash }): boolean {
  return Buffer.compare(one.root, other.root) === 0;
}
