import type { AnswerReader } from '@contactpoint/executor/subgraphs/subgraph-connection';
import { LONGEST_ANSWER } from './bounded-answers.ts';

/**
 * Reads a whole answer as JSON, without the streams of a comfortable client.
 *
 * @param url For the error.
 * @param fail Told why there is nothing to read: another status than 200, no JSON, too much of it, or no answer.
 */
export function readJson(
  url: string,
  succeed: (body: unknown) => void,
  fail: (cause: Error) => void,
): AnswerReader {
  const chunks: Buffer[] = [];
  let length = 0;
  const giveUp = (problem: string): false => {
    fail(new Error(`${url} ${problem}`));
    return false;
  };
  return {
    start: (status) => status === 200 || giveUp(`answered ${status}`),
    take(chunk) {
      length += chunk.byteLength;
      if (length > LONGEST_ANSWER) return giveUp('answered too much');
      chunks.push(chunk);
      return true;
    },
    end() {
      let body: unknown;
      try {
        body = JSON.parse(Buffer.concat(chunks).toString());
      } catch {
        // Without the cause: an error of parsing quotes the text.
        giveUp('answered no JSON');
        return;
      }
      succeed(body);
    },
    fail: (cause) => fail(new Error(`${url} did not answer`, { cause })),
  };
}
