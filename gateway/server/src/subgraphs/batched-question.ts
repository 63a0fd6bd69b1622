import {
  openConnection,
  type SubgraphConnection,
} from '@contactpoint/executor/subgraphs/subgraph-connection';
import { readJson } from './json-reader.ts';

/** A question to a subgraph beside the graph (`POST /facts`, `POST /principals`); many callers' questions share a request. */
export interface BatchedQuestion<Question, Answer> {
  /** @throws Error when the subgraph cannot be asked or does not answer as agreed. */
  ask(question: Question): Promise<Answer>;
  close(): Promise<void>;
}

export interface BatchedQuestionOptions<Answer> {
  /** Endpoint, `http://127.0.0.1:4001/facts`. */
  readonly url: string;
  /** Milliseconds for one request. */
  readonly timeout: number;
  /** Checks one answer; throws where it is not of the agreed shape. */
  readonly read: (answer: unknown) => Answer;
}

/** Questions in one request; what comes on top goes into the next one. */
const BATCH = 100;

/** Whatever is asked within one turn of the event loop travels together, each question under its own grant. */
export function createBatchedQuestion<Question, Answer>(
  options: BatchedQuestionOptions<Answer>,
): BatchedQuestion<Question, Answer> {
  const { origin, pathname } = new URL(options.url);
  const connection = openConnection(origin);
  let waiting: Waiting<Question, Answer>[] = [];

  const flush = () => {
    const all = waiting;
    waiting = [];
    for (let start = 0; start < all.length; start += BATCH) {
      send(connection, pathname, options, all.slice(start, start + BATCH));
    }
  };

  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        if (waiting.length === 0) setImmediate(flush);
        waiting.push({ question, resolve, reject });
      }),
    close: () => connection.close(),
  };
}

interface Waiting<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (cause: unknown) => void;
}

function send<Question, Answer>(
  connection: SubgraphConnection,
  path: string,
  { url, timeout, read }: BatchedQuestionOptions<Answer>,
  batch: readonly Waiting<Question, Answer>[],
): void {
  const fail = (cause: Error): void => {
    clearTimeout(timer);
    for (const { reject } of batch) reject(cause);
  };
  const succeed = (body: unknown): void => {
    const { answers } = (body ?? {}) as { readonly answers?: unknown };
    if (!Array.isArray(answers) || answers.length !== batch.length) {
      fail(new Error(`${url} did not answer every question`));
      return;
    }
    clearTimeout(timer);
    for (const [index, { resolve, reject }] of batch.entries()) {
      try {
        resolve(read(answers[index]));
      } catch (cause) {
        reject(cause);
      }
    }
  };
  const body = JSON.stringify({ requests: batch.map(({ question }) => question) });
  const timer = setTimeout(() => {
    fail(new Error(`${url} did not answer in time`));
    sent.abandon();
  }, timeout);
  const sent = connection.post(path, body, readJson(url, succeed, fail));
}
