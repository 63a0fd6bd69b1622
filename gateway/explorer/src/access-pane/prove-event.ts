import {
  checkShownProof,
  type ProvenEvent,
  type ShownProof,
  ShownProofError,
} from '@contactpoint/audit-verifier/check-shown-proof';
import { type Answer, refusalOf, withheldWhole } from '../asking/answer.ts';
import type { Ask } from '../asking/ask.ts';
import { refusalWords } from '../asking/refusal-words.ts';
import { INCLUSION_PROOF } from './access-questions.ts';

/** What became of a proof. */
export type Proof =
  | { readonly state: 'PROVEN'; readonly proven: ProvenEvent; readonly signedNote: string }
  /** It does not hold: the log is not what was signed, or the proof is not what it says. */
  | { readonly state: 'FAILED'; readonly fault: string; readonly words: string }
  /** There is none, for now or for this reader. */
  | { readonly state: 'ABSENT'; readonly words: string };

export interface Receipt {
  readonly origin: string;
  readonly index: string;
}

/** A checkpoint that covers what was just recorded takes about a second. */
const TRIES = 8;
const PAUSE = 1_000;

/**
 * Fetches a proof and checks it here, by keys that do not come with it. An event that the log has and no checkpoint covers
 * yet is waited for; one that it has not is not, unless it must be there.
 *
 * @param isOwn Whether the receipt came with an answer of this page: a copy of the log may be a moment behind it.
 */
export async function proveEvent(ask: Ask, receipt: Receipt, isOwn: boolean): Promise<Proof> {
  const keys = await fetchKeys();
  if (keys === undefined) return absent('The public keys of the log cannot be had.');
  for (let tried = 0; tried < TRIES; tried++) {
    if (tried > 0) await new Promise((resolve) => setTimeout(resolve, PAUSE));
    const answer = await ask({ query: INCLUSION_PROOF, variables: { ...receipt } });
    const proof = answer.data?.inclusionProof as ShownProof | null | undefined;
    if (proof != null) return await check(proof, { ...receipt, keys });
    if (isUnknown(answer)) {
      if (isOwn) continue;
      return absent('No log has an event under this receipt, so that there is nothing to prove.');
    }
    const refusal = refusalOf(answer) ?? withheldWhole(answer);
    if (refusal !== undefined) return absent(refusalWords(refusal));
    const [error] = answer.errors;
    if (error !== undefined) return absent(`No proof was given: ${error.message}.`);
  }
  return absent('No checkpoint covers the event yet. Try again in a while.');
}

/** Whether the log was looked at and has no such event. */
function isUnknown({ errors }: Answer): boolean {
  return errors.some(({ extensions }) => extensions?.['problem'] === 'UNKNOWN');
}

async function check(proof: ShownProof, claim: Parameters<typeof checkShownProof>[1]): Promise<Proof> {
  try {
    const proven = await checkShownProof(proof, claim);
    return { state: 'PROVEN', proven, signedNote: proof.checkpoint.signedNote };
  } catch (cause) {
    if (cause instanceof ShownProofError)
      return { state: 'FAILED', fault: cause.fault, words: FAULTS[cause.fault] };
    return absent('This browser cannot check Ed25519 signatures here: it takes a secure connection.');
  }
}

const FAULTS = {
  OTHER_EVENT: 'The proof is of another event than the one that was asked for.',
  UNREADABLE: 'What was given as a proof is none.',
  NO_KEY: 'The gateway is given no public key of this log.',
  SIGNATURE: 'The checkpoint is not signed by the log’s key.',
  PATH: 'What the log holds there now does not lead to what it signed. It was changed, or the proof was.',
} as const;

function absent(words: string): Proof {
  return { state: 'ABSENT', words };
}

async function fetchKeys(): Promise<string | undefined> {
  const response = await fetch('/explorer/audit-keys.txt').catch(() => undefined);
  return response?.ok === true ? await response.text() : undefined;
}
