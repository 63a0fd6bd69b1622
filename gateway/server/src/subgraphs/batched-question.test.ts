import { afterEach, describe, expect, test } from 'vitest';
import { answerJson, type QuestionServer, startQuestionServer } from '../testing/question-server.ts';
import { type BatchedQuestion, createBatchedQuestion } from './batched-question.ts';

interface Batch {
  readonly requests: readonly number[];
}

let server: QuestionServer | undefined;
let question: BatchedQuestion<number, number> | undefined;

afterEach(async () => {
  await server?.close();
  await question?.close();
});

async function start(
  answer: Parameters<typeof startQuestionServer<Batch>>[0],
  timeout = 2_000,
): Promise<BatchedQuestion<number, number>> {
  server = await startQuestionServer<Batch>(answer);
  question = createBatchedQuestion<number, number>({
    url: `${server.url}/double`,
    timeout,
    read: (given) => {
      if (typeof given !== 'number') throw new TypeError('not a number');
      return given;
    },
  });
  return question;
}

const doubles = (batch: Batch) => batch.requests.map((each) => each * 2);

describe('createBatchedQuestion', () => {
  test('what is asked together travels together, and each gets its own answer', async () => {
    const { ask } = await start((batch, response) => answerJson(response, { answers: doubles(batch) }));
    expect(await Promise.all([ask(1), ask(2), ask(3)])).toEqual([2, 4, 6]);
    expect(server?.received).toEqual([{ requests: [1, 2, 3] }]);

    expect(await ask(4)).toBe(8);
    expect(server?.received).toHaveLength(2);
  });

  test('a request carries a hundred questions at most', async () => {
    const { ask } = await start((batch, response) => answerJson(response, { answers: doubles(batch) }));
    const asked = Array.from({ length: 250 }, (_, index) => index);
    expect(await Promise.all(asked.map(ask))).toEqual(asked.map((each) => each * 2));
    const sizes = ((server?.received ?? []) as Batch[]).map(({ requests }) => requests.length);
    expect(sizes.sort((a, b) => a - b)).toEqual([50, 100, 100]);
  });

  test('one bad answer fails one question', async () => {
    const { ask } = await start((_batch, response) => answerJson(response, { answers: [2, null, 6] }));
    const settled = await Promise.allSettled([ask(1), ask(2), ask(3)]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  test.each<[string, unknown, number]>([
    ['answers too few', { answers: [2] }, 200],
    ['answers too many', { answers: [2, 4, 6] }, 200],
    ['answers no list', { answers: { 0: 2, 1: 4, length: 2 } }, 200],
    ['answers nothing', {}, 200],
    ['answers null', null, 200],
    ['refuses', { answers: [2, 4] }, 403],
    ['is moved', { answers: [2, 4] }, 307],
    ['fails', { answers: [2, 4] }, 500],
  ])('fails every question where the subgraph %s', async (_case, body, status) => {
    const { ask } = await start((_batch, response) => answerJson(response, body, status));
    const settled = await Promise.allSettled([ask(1), ask(2)]);
    expect(settled.map((each) => each.status)).toEqual(['rejected', 'rejected']);
  });

  test('fails where the answer is no JSON', async () => {
    const { ask } = await start((_batch, response) => void response.writeHead(200).end('<html>'));
    await expect(ask(1)).rejects.toThrow('answered no JSON');
  });

  test('fails where the answer does not end, or not soon enough', async () => {
    const { ask } = await start((_batch, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(`{"answers":[1],"more":"${'x'.repeat(9 * 1024 * 1024)}`);
    }, 30_000);
    await expect(ask(1)).rejects.toThrow('answered too much');
  });

  test.each<[string, Parameters<typeof startQuestionServer<Batch>>[0]]>([
    ['never answers', () => {}],
    ['stops halfway', (_batch, response) => void response.writeHead(200).write('{"answers":')],
  ])('does not wait for a subgraph that %s', async (_case, answer) => {
    const { ask } = await start(answer, 50);
    await expect(ask(1)).rejects.toThrow();
  });

  test('fails where nobody listens, and asks again the next time', async () => {
    const { ask } = await start(() => {});
    await server?.close();
    const refused = expect.objectContaining({ cause: expect.objectContaining({ code: 'ECONNREFUSED' }) });
    await expect(ask(1)).rejects.toEqual(refused);
    await expect(ask(2)).rejects.toEqual(refused);
  });
});
