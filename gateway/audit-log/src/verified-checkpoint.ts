import { type Checkpoint, readCheckpoint } from './checkpoint.ts';
import type { LogKeys } from './log-keys.ts';
import { NoteError, readNote } from './note-format.ts';
import { verifiedBy } from './signed-note.ts';

/** @returns undefined where the note is no checkpoint of this log, or not signed by a key of its deployment. */
export function verifiedCheckpoint(note: string, origin: string, keys: LogKeys): Checkpoint | undefined {
  try {
    const signed = readNote(note);
    const checkpoint = readCheckpoint(signed.text);
    if (checkpoint.origin !== origin) return undefined;
    return verifiedBy(signed, keys.verifiersOf(origin)).length > 0 ? checkpoint : undefined;
  } catch (cause) {
    if (cause instanceof NoteError) return undefined;
    throw cause;
  }
}
