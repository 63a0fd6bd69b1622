import { EMPTY_ROOT, verifyConsistency } from '@contactpoint/audit-log/merkle';
import { NoteError, type SignedNote, writeNote, writeSignature } from '@contactpoint/audit-log/note-format';
import { type NoteSigner, type NoteVerifier, verifiedBy } from '@contactpoint/audit-log/signed-note';
import { hasSameRoot, type SignedCheckpoint } from '../signed-checkpoint.ts';
import type { KnownLogs } from './known-logs-file.ts';
import { readSubmission, type Submission } from './submission.ts';
import type { WitnessState } from './witness-state.ts';

/** Answer to one submission. @see https://c2sp.org/tlog-witness */
export type WitnessAnswer =
  /** Cosigned; signature lines. */
  | { readonly status: 200; readonly body: string }
  /** Not of the form; no key of the log signed it; an unknown log; a proof or a root that does not hold. */
  | { readonly status: 400 | 403 | 404 | 422; readonly body: string }
  /** Another checkpoint is the last one known here, of the size in the body. */
  | { readonly status: 409; readonly body: string };

export interface WitnessParts {
  readonly signer: NoteSigner;
  /** Asked each time: the file may have been read again. */
  readonly logs: () => KnownLogs;
  readonly state: WitnessState;
  /** Told of two checkpoints of one size, both under the log's signature. */
  readonly onFork: (origin: string, size: bigint) => void;
}

export interface Witness {
  addCheckpoint(body: string): Promise<WitnessAnswer>;
}

/** Cosigns what only ever grew; what it has cosigned is durable before anybody is told. */
export function createWitness(parts: WitnessParts): Witness {
  /** What is under way, by origin: the size is compared and kept by one submission at a time. */
  const turns = new Map<string, Promise<unknown>>();
  return {
    async addCheckpoint(body) {
      const submission = read(body);
      if (submission === undefined) return { status: 400, body: 'not a submission\n' };
      const { origin, size } = submission.checkpoint;
      const keys = parts.logs().get(origin);
      if (keys === undefined) return { status: 404, body: 'unknown log\n' };
      if (!isSignedBy(submission.note, keys)) return { status: 403, body: 'no signature of the log\n' };
      if (submission.old > size) return { status: 400, body: 'the old size is larger than the new one\n' };

      const before = turns.get(origin) ?? Promise.resolve();
      const turn = before.catch(() => undefined).then(() => judge(parts, submission, keys));
      turns.set(origin, turn);
      return await turn;
    },
  };
}

async function judge(
  { signer, state, onFork }: WitnessParts,
  submission: Submission,
  keys: readonly NoteVerifier[],
): Promise<WitnessAnswer> {
  const { note, checkpoint } = submission;
  const known = state.get(checkpoint.origin);
  const size = known?.size ?? 0n;
  if (known !== undefined && known.size === checkpoint.size && !hasSameRoot(known, checkpoint)) {
    onFork(known.origin, known.size);
    await state.keepFork(known, writeNote(note));
  }
  if (submission.old !== size) return { status: 409, body: `${size}\n` };
  if (!isGrowth(submission, known)) return { status: 422, body: 'the proof does not hold\n' };

  const own = signer.sign(note.text);
  const logs = note.signatures.filter(({ name, keyHash }) =>
    keys.some((key) => key.name === name && Buffer.compare(key.keyHash, keyHash) === 0),
  );
  await state.keep({ ...checkpoint, note: writeNote({ text: note.text, signatures: [...logs, own] }) });
  return { status: 200, body: writeSignature(own) };
}

/** Whether the checkpoint is of a tree that begins with the one known. */
function isGrowth({ proof, checkpoint }: Submission, known: SignedCheckpoint | undefined): boolean {
  const { size, root } = checkpoint;
  const from = known ?? { size: 0n, root: EMPTY_ROOT };
  if (size === 0n && !hasSameRoot({ root }, { root: EMPTY_ROOT })) return false;
  if (size === from.size) return proof.length === 0 && hasSameRoot(from, { root });
  const claim = { from: Number(from.size), fromRoot: from.root, to: Number(size), toRoot: root };
  return verifyConsistency(claim, proof);
}

function read(body: string): Submission | undefined {
  try {
    return readSubmission(body);
  } catch (cause) {
    if (cause instanceof NoteError) return undefined;
    throw cause;
  }
}

/** False as well where one of the keys signed something else: such a note is believed nothing. */
function isSignedBy(note: SignedNote, keys: readonly NoteVerifier[]): boolean {
  try {
    return verifiedBy(note, keys).length > 0;
  } catch (cause) {
    if (cause instanceof NoteError) return false;
    throw cause;
  }
}
