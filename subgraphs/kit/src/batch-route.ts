import { Readable } from 'node:stream';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { refusal } from './wire-error.ts';

/** Operations in one HTTP request at most. */
export const LARGEST_BATCH = 50;

const BATCH_PATH = '/graphql/batch';

/** Names the route in every answer to a single operation: a Structured Field item, RFC 9651. */
export const BATCH_DECLARATION = { 'graphql-batch': `"${BATCH_PATH}";max=${LARGEST_BATCH}` } as const;

/**
 * `POST /graphql/batch`: an array of 1 to 50 operations, which may be of several callers, each under the grant in its own
 * `extensions.accessGrant`. Answered by lines of JSON, `[INDEX, ANSWER]`, each as soon as that operation has its answer and
 * the journal holds it: nobody waits for somebody else's slow operation.
 *
 * @param answer Never rejects.
 * @see https://jsonlines.org
 */
export function batchRoute(
  app: FastifyInstance,
  answer: (operation: unknown, log: FastifyBaseLogger) => Promise<object>,
): void {
  app.post(BATCH_PATH, async ({ body, log }, reply) => {
    if (!isBatch(body)) return await reply.code(400).send({ errors: [WRONG_SIZE] });
    const lines = new Lines();
    const answered = body.map(async (operation, index) => {
      lines.add(JSON.stringify([index, await answer(operation, log)]));
    });
    void Promise.all(answered).then(() => lines.end());
    return await reply.type('application/jsonl').send(lines.readable);
  });
}

export function isBatch(body: unknown): body is readonly unknown[] {
  return Array.isArray(body) && body.length > 0 && body.length <= LARGEST_BATCH;
}

export const WRONG_SIZE = refusal('BAD_USER_INPUT', `A batch holds 1 to ${LARGEST_BATCH} operations`);

/** Lines that are ready in one turn of the event loop leave in one write: a write costs more than the line in it. */
class Lines {
  readonly readable = new Readable({ read() {} });
  #ready = '';
  #isDue = false;

  add(line: string): void {
    this.#ready += `${line}\n`;
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => this.#leave());
  }

  end(): void {
    this.#leave();
    this.readable.push(null);
  }

  #leave(): void {
    this.#isDue = false;
    if (this.#ready !== '') this.readable.push(this.#ready);
    this.#ready = '';
  }
}
