import { type Dispatcher, Pool } from 'undici';

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
  const pool = new Pool(origin, {
    connections: 4,
    headersTimeout: options.timeout,
    bodyTimeout: options.timeout,
  });
  let waiting: Waiting<Question, Answer>[] = [];

  const flush = () => {
    const all = waiting;
    waiting = [];
    for (let start = 0; start < all.length; start += BATCH) {
      void send(pool, pathname, options, all.slice(start, start + BATCH));
    }
  };

  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        if (waiting.length === 0) setImmediate(flush);
        waiting.push({ question, resolve, reject });
      }),
    close: () => pool.close(),
  };
}

interface Waiting<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (cause: unknown) => void;
}

async function send<Question, Answer>(
  pool: Dispatcher,
  path: string,
  options: BatchedQuestionOptions<Answer>,
  batch: readonly Waiting<Question, Answer>[],
): Promise<void> {
  try {
    const { statusCode, body } = await pool.request({
      path,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ requests: batch.map(({ question }) => question) }),
      signal: AbortSignal.timeout(options.timeout),
    });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`${options.url} answered ${statusCode}`);
    const { answers } = JSON.parse(text) as { answers?: unknown };
    if (!Array.isArray(answers) || answers.length !== batch.length) {
      throw new Error(`${options.url} did not answer every question`);
    }
    for (const [index, { resolve, reject }] of batch.entries()) {
      try {
        resolve(options.read(answers[index]));
      } catch (cause) {
        reject(cause);
      }
    }
  } catch (cause) {
    for (const { reject } of batch) reject(cause);
  }
}
