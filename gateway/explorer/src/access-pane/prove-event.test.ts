import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Answer } from '../asking/answer.ts';
import { proveEvent } from './prove-event.ts';

const RECEIPT = { origin: 'log.example/1', index: '7' };
const answered = (inclusionProof: unknown, errors: Answer['errors'] = []): Answer => ({
  status: 200,
  data: { inclusionProof },
  errors,
});
const NOT_YET = answered(null);
const UNKNOWN = answered(null, [
  {
    message: 'An argument was not accepted',
    path: ['inclusionProof'],
    extensions: { code: 'BAD_USER_INPUT', argument: 'index', problem: 'UNKNOWN' },
  },
]);
/** Comes in time, and is none: how it is checked is tried elsewhere. */
const PROOF = answered({ ...RECEIPT, index: '8', checkpoint: {} });

let asked = 0;
const answering =
  (...answers: readonly Answer[]) =>
  async () =>
    answers[Math.min(asked++, answers.length - 1)] ?? NOT_YET;

beforeEach(() => {
  asked = 0;
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  vi.stubGlobal('fetch', async () => new Response('keys'));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function prove(isOwn: boolean, ...answers: readonly Answer[]) {
  const proving = proveEvent(answering(...answers), RECEIPT, isOwn);
  await vi.runAllTimersAsync();
  return await proving;
}

test('of an event that no log has is said at once that there is nothing to prove', async () => {
  const proof = await proveEvent(answering(UNKNOWN), RECEIPT, false);
  expect(proof).toEqual({ state: 'ABSENT', words: expect.stringMatching(/^No log has an event/) });
  expect(asked).toBe(1);
});

test('an event that is there is waited for until a checkpoint covers it', async () => {
  const proof = await prove(false, NOT_YET, NOT_YET, PROOF);
  expect([proof.state, asked]).toEqual(['FAILED', 3]);
});

test('the page’s own is waited for, too, where a copy of the log is a moment behind', async () => {
  const proof = await prove(true, UNKNOWN, NOT_YET, PROOF);
  expect([proof.state, asked]).toEqual(['FAILED', 3]);
});

test('nothing is waited for for ever', async () => {
  expect(await prove(true, UNKNOWN)).toMatchObject({ words: expect.stringMatching(/^No checkpoint/) });
  expect(asked).toBe(8);
});
