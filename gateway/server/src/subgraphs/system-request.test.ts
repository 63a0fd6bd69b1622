import { afterAll, afterEach, expect, test } from 'vitest';
import { answerEndlessly } from '../testing/endless-answer.ts';
import { writeGrantKeys } from '../testing/grant-keys.ts';
import { NOW } from '../testing/personas.ts';
import { answerJson, type QuestionServer, startQuestionServer } from '../testing/question-server.ts';
import { createGrantSigner } from './grants.ts';
import { createSystemRequests } from './system-request.ts';

const keys = writeGrantKeys(['oversight']);
const grants = createGrantSigner(keys.folder, ['oversight'], 'log.example');

let server: QuestionServer | undefined;
afterEach(() => server?.close());
afterAll(() => keys.remove());

async function asking(answer: Parameters<typeof startQuestionServer>[0]) {
  server = await startQuestionServer(answer);
  const requests = createSystemRequests({ timeout: 60_000, grants, policySet: 'set', now: () => NOW });
  const route = { aud: 'oversight', url: server.url, path: '/owed' };
  return () => requests.send(route, { limit: 1 }, 'e'.repeat(64));
}

test('gives what a subgraph answers, and nothing where it has no content', async () => {
  const bodies: unknown[] = [{ owed: [1] }];
  const ask = await asking((_body, response) =>
    bodies.length > 0 ? answerJson(response, bodies.shift()) : response.writeHead(204).end(),
  );
  expect([await ask(), await ask()]).toEqual([{ owed: [1] }, undefined]);
  expect(server?.received[0]).toEqual({ limit: 1, accessGrant: expect.any(String) });
});

test('fails by the subgraph’s name where it refuses', async () => {
  const ask = await asking((_body, response) => answerJson(response, {}, 403));
  await expect(ask()).rejects.toThrow('oversight answered 403 to /owed');
});

test('gives up an answer without an end, long before its time is over', async () => {
  const ask = await asking((_body, response) => answerEndlessly(response));
  await expect(ask()).rejects.toMatchObject({ code: 'UND_ERR_RES_EXCEEDED_MAX_SIZE' });
});
