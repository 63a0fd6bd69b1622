import { type Checkpoint, readCheckpoint } from '@contactpoint/audit-log/checkpoint';
import type { Hash } from '@contactpoint/audit-log/merkle';
import { NoteError, readNote, type SignedNote } from '@contactpoint/audit-log/note-format';

/** A checkpoint as a log submits it. @see https://c2sp.org/tlog-witness */
export interface Submission {
  /** Size of the checkpoint that the log thinks this witness knows. */
  readonly old: bigint;
  readonly proof: readonly Hash[];
  readonly note: SignedNote;
  readonly checkpoint: Checkpoint;
}

const MOST_HASHES = 63;
const HASH_BYTES = 32;

/** @throws NoteError when the body is not of the form; signatures and proof are for others to verify. */
export function readSubmission(body: string): Submission {
  const split = body.indexOf('\n\n');
  if (split < 0) throw new NoteError('A submission has an empty line before its checkpoint');
  const [first = '', ...hashes] = body.slice(0, split).split('\n');
  // At most 15 digits: proofs are counted with numbers that are exact up to there.
  const [, old] = /^old (0|[1-9]\d{0,14})$/.exec(first) ?? [];
  if (old === undefined) throw new NoteError('A submission begins with an old size');
  if (hashes.length > MOST_HASHES) throw new NoteError(`A proof has at most ${MOST_HASHES} hashes`);
  const note = readNote(body.slice(split + 2));
  const checkpoint = readCheckpoint(note.text);
  if (checkpoint.size > BigInt(Number.MAX_SAFE_INTEGER)) throw new NoteError('No log is that large');
  return { old: BigInt(old), proof: hashes.map(readHash), note, checkpoint };
}

function readHash(line: string): Hash {
  const hash = Buffer.from(line, 'base64');
  if (hash.length !== HASH_BYTES || hash.toString('base64') !== line)
    throw new NoteError('A line of a proof is a hash in base64');
  return hash;
}
