import type { Hash } from '@contactpoint/audit-log/merkle';
import { readNote, writeSignature } from '@contactpoint/audit-log/note-format';
import { verifiedBy } from '@contactpoint/audit-log/signed-note';
import { type Dispatcher, request } from 'undici';
import type { Witness } from './witnesses-file.ts';

export interface CheckpointSubmission {
  /** Size of the checkpoint that the witness is thought to know; 0 for none. */
  readonly old: bigint;
  /** From `old` to the checkpoint; empty where `old` is 0, or its size. */
  readonly proof: readonly Hash[];
  readonly note: string;
}

export type SubmissionAnswer =
  /** `line` as it belongs under the note, line feed included. */
  | { readonly kind: 'cosigned'; readonly line: string }
  /** It knows another checkpoint, of this size. */
  | { readonly kind: 'conflict'; readonly size: bigint }
  | { readonly kind: 'refused'; readonly status: number };

/** It answered with something that is no answer, such as a signature that does not verify. */
export class WitnessAnswerError extends Error {
  override readonly name = 'WitnessAnswerError';
}

/** Milliseconds for one answer. */
const DEADLINE = 10_000;

/**
 * Submits one checkpoint.
 *
 * @throws WitnessAnswerError, or the client's error when it is out of reach.
 * @see https://c2sp.org/tlog-witness
 */
export async function addCheckpoint(
  witness: Witness,
  submission: CheckpointSubmission,
  { dispatcher, signal }: { readonly dispatcher: Dispatcher; readonly signal: AbortSignal },
): Promise<SubmissionAnswer> {
  const { statusCode, headers, body } = await request(`${witness.url}/add-checkpoint`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: writeSubmission(submission),
    dispatcher,
    signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE)]),
  });
  const text = await body.text();
  if (statusCode === 200) return { kind: 'cosigned', line: cosignatureIn(text, submission.note, witness) };
  if (statusCode === 409 && String(headers['content-type']).startsWith('text/x.tlog.size')) {
    if (!/^(0|[1-9]\d{0,17})\n$/.test(text)) throw new WitnessAnswerError('A size was expected');
    return { kind: 'conflict', size: BigInt(text.trim()) };
  }
  return { kind: 'refused', status: statusCode };
}

export function writeSubmission({ old, proof, note }: CheckpointSubmission): string {
  const lines = [`old ${old}`, ...proof.map((hash) => Buffer.from(hash).toString('base64')), '', note];
  return lines.join('\n');
}

/** The line of the witness's own key; what else it sends is ignored. */
function cosignatureIn(lines: string, note: string, { verifier }: Witness): string {
  try {
    const cosigned = readNote(note + lines);
    if (!verifiedBy(cosigned, [verifier]).includes(verifier.name)) throw new Error('not there');
    const own = cosigned.signatures.find(
      ({ name, keyHash }) => name === verifier.name && Buffer.compare(keyHash, verifier.keyHash) === 0,
    );
    if (own === undefined) throw new Error('not there');
    return writeSignature(own);
  } catch (cause) {
    throw new WitnessAnswerError('Its cosignature is missing or does not verify', { cause });
  }
}
