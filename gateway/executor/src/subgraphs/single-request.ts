import type { IncomingHttpHeaders } from 'node:http';
import {
  type Attempted,
  parseJson,
  readAnswer,
  UNAVAILABLE,
  UNREACHED,
  withoutAnswer,
} from './subgraph-answer.ts';
import type { AnswerReader } from './subgraph-connection.ts';

const JSON_MEDIA = /^application\/(?:graphql-response\+)?json\b/i;

/**
 * Reads the answer to one operation in a request of its own.
 *
 * @param settle Called once at least; only the first call counts.
 * @param onHeaders Told the headers of an answer that is one.
 */
export function singleReader(
  maxAnswerBytes: number,
  settle: (attempted: Attempted) => void,
  onHeaders: (headers: IncomingHttpHeaders) => void,
): AnswerReader {
  const chunks: Buffer[] = [];
  let length = 0;
  const none = (attempted: Attempted): false => {
    settle(attempted);
    return false;
  };
  return {
    start(status, headers) {
      const media = headers['content-type'];
      if (status !== 200 || media === undefined || !JSON_MEDIA.test(media))
        return none(withoutAnswer(status));
      onHeaders(headers);
      return true;
    },
    take(chunk) {
      length += chunk.byteLength;
      if (length > maxAnswerBytes) return none(UNAVAILABLE);
      chunks.push(chunk);
      return true;
    },
    end() {
      const [only] = chunks;
      settle(readAnswer(parseJson(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks))));
    },
    fail: () => settle(UNREACHED),
  };
}
