import { type Attempted, parseJson, readAnswer, withoutAnswer } from './subgraph-answer.ts';
import type { AnswerReader } from './subgraph-connection.ts';

const JSON_LINES = /^application\/jsonl\b/i;

/** Bytes of a line around its answer: an index, brackets and a comma. */
const FRAME = 16;

const NEWLINE = 0x0a;

export interface BatchListener {
  /** An operation's answer, by its place in the batch; each once. */
  onAnswer(index: number, answer: Attempted): void;
  /** The subgraph takes no batches after all, and has run none of it. */
  onRefused(): void;
  /** Nothing more comes. Some may have no answer. */
  onEnd(): void;
}

/**
 * Reads lines `[INDEX, ANSWER]`, each as soon as it is there. One that is too long or none ends the whole, and so does one more
 * than was asked for: a subgraph that goes on for ever would be read for ever.
 */
export function batchReader(size: number, maxAnswerBytes: number, listener: BatchListener): AnswerReader {
  let rest: Buffer[] = [];
  let restLength = 0;
  const answered = new Set<unknown>();

  const readLine = (line: Buffer): boolean => {
    if (line.byteLength > maxAnswerBytes + FRAME) return false;
    const parsed = parseJson(line);
    if (!Array.isArray(parsed)) return false;
    const [index, answer] = parsed as readonly unknown[];
    if (!Number.isInteger(index) || (index as number) < 0 || (index as number) >= size) return false;
    if (answered.has(index)) return false;
    answered.add(index);
    listener.onAnswer(index as number, readAnswer(answer));
    return true;
  };

  return {
    start(status, headers) {
      if (status === 200 && JSON_LINES.test(headers['content-type'] ?? '')) return true;
      if (withoutAnswer(status).kind === 'UNAVAILABLE') listener.onRefused();
      return false;
    },
    take(chunk) {
      let begun = 0;
      for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, begun)) {
        const line = chunk.subarray(begun, end);
        if (!readLine(restLength === 0 ? line : Buffer.concat([...rest, line]))) return false;
        rest = [];
        restLength = 0;
        begun = end + 1;
      }
      if (begun === chunk.byteLength) return true;
      if (answered.size === size) return false;
      rest.push(chunk.subarray(begun));
      restLength += chunk.byteLength - begun;
      return restLength <= maxAnswerBytes + FRAME;
    },
    end: () => listener.onEnd(),
    fail: () => listener.onEnd(),
  };
}
