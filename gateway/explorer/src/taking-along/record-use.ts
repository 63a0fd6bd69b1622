import { type Answer, refusalOf } from '../asking/answer.ts';
import type { Ask } from '../asking/ask.ts';
import { refusalWords } from '../asking/refusal-words.ts';

const RECORD = `mutation RecordAnswerUse($origin: String!, $index: String!, $use: AnswerUse!) {
  recordAnswerUse(origin: $origin, index: $index, use: $use)
}`;

/**
 * Puts on record that an answer is copied or printed. Nothing is taken along before that.
 *
 * @returns Why it may not be, in words; undefined once it is on record.
 */
export async function recordUse(
  ask: Ask,
  receipt: Answer['receipt'],
  use: 'COPIED' | 'PRINTED',
): Promise<string | undefined> {
  if (receipt === undefined)
    return 'This answer has no receipt, so that nobody could say what was taken along.';
  const answer = await ask({ query: RECORD, variables: { ...receipt, use } });
  if (answer.data?.recordAnswerUse === true) return undefined;
  const refusal = refusalOf(answer);
  const why = refusal === undefined ? 'The gateway did not confirm it.' : refusalWords(refusal);
  return `It could not be put on record, so nothing was ${use === 'COPIED' ? 'copied' : 'printed'}. ${why}`;
}
