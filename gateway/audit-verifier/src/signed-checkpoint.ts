import { type Checkpoint, readCheckpoint } from '@contactpoint/audit-log/checkpoint';
import type { LogKeys } from '@contactpoint/audit-log/log-keys';
import type { Hash } from '@contactpoint/audit-log/merkle';
import { NoteError, readNote, type SignedNote } from '@contactpoint/audit-log/note-format';
import { verifiedBy } from '@contactpoint/audit-log/signed-note';
import { LogFault } from './fault.ts';

/** A checkpoint whose signature by its log has been verified. */
export interface SignedCheckpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Hash;
  readonly note: SignedNote;
}

/** Where a note stood: its log, and for a leaf its index. */
export interface NotePlace {
  readonly origin: string;
  readonly index?: number;
}

/**
 * Reads a checkpoint and verifies that its log signed it.
 *
 * @param place For the fault.
 * @throws LogFault UNREADABLE, NO_KEY or SIGNATURE.
 */
export function readSignedCheckpoint(text: string, keys: LogKeys, place: NotePlace): SignedCheckpoint {
  const { note, checkpoint } = read(text, place);
  const { origin, root } = checkpoint;
  const size = Number(checkpoint.size);
  if (!Number.isSafeInteger(size)) {
    throw new LogFault({
      ...place,
      code: 'UNREADABLE',
      message: 'a checkpoint is of more leaves than there can be',
    });
  }
  const verifiers = keys.verifiersOf(origin);
  if (verifiers.length === 0)
    throw new LogFault({ ...place, code: 'NO_KEY', message: `no public key of ${origin}` });
  if (!isSigned(note, verifiers)) {
    const message = `the checkpoint of ${origin} at ${size} is not signed by its key`;
    throw new LogFault({ ...place, code: 'SIGNATURE', message });
  }
  return { origin, size, root, note };
}

function read(text: string, place: NotePlace): { note: SignedNote; checkpoint: Checkpoint } {
  try {
    const note = readNote(text);
    return { note, checkpoint: readCheckpoint(note.text) };
  } catch (cause) {
    if (!(cause instanceof NoteError)) throw cause;
    throw new LogFault(
      { ...place, code: 'UNREADABLE', message: `a checkpoint is not one: ${cause.message}` },
      { cause },
    );
  }
}

function isSigned(note: SignedNote, verifiers: Parameters<typeof verifiedBy>[1]): boolean {
  try {
    return verifiedBy(note, verifiers).length > 0;
  } catch (cause) {
    if (cause instanceof NoteError) return false;
    throw cause;
  }
}
