import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestSystem, type TestSystem } from '../running-system.ts';
import { readAskedLeaves, readLeaves } from './access-log.ts';
import {
  ask,
  askFor,
  NOT_AN_OPERATION,
  NOT_HTTP,
  type Sent,
  TOO_COMPLEX,
  times,
} from './senseless-requests.ts';

let system: TestSystem;

beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(async () => {
  await system?.remove();
});

/** Milliseconds within which a senseless request is answered, on a busy machine. */
const PATIENCE = 2_000;

/** Whatever bytes a caller may send as `social-worker`, and what came of them. */
async function send({ body, headers = {}, method = 'POST', search = '' }: Sent) {
  const all = {
    authorization: `Bearer ${await system.token('social-worker')}`,
    'content-type': 'application/json',
    'access-purpose': 'S47',
    'access-reason': 'Enquiry opened this morning',
    ...headers,
  };
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  const answer = await request(`${system.urls.gateway}/graphql${search}`, {
    method,
    headers: given as Record<string, string | string[]>,
    ...(body === undefined ? {} : { body }),
    signal: AbortSignal.timeout(PATIENCE),
  });
  const text = await answer.body.text();
  return {
    status: answer.statusCode,
    headers: answer.headers,
    text,
    // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever shape it asked for.
    body: JSON.parse(text) as any,
    receipt: answer.headers['access-log'],
  };
}

type Answer = Awaited<ReturnType<typeof send>>;

/** What no answer may say: where code lies, how it is called, what a library under it said. */
const INSIDE = /\bat \S+ \(|node_modules|\/(work|tmp|home|usr)\/|\.[jt]s\b|stack|Fastify|postgres|ECONN/i;

function expectRefusal(answer: Answer, status: number, code: string) {
  expect([answer.status, answer.body.errors?.[0]?.extensions?.code]).toEqual([status, code]);
  expect(answer.body).not.toHaveProperty('data');
  expect(answer.text).not.toMatch(INSIDE);
}

async function expectOnRecord(answer: Answer, code: string) {
  const [origin, index] = String(answer.receipt).split(' ');
  const leaf = (await readLeaves(system)).find((each) => each.origin === origin && each.index === index);
  expect(leaf?.event).toMatchObject({
    practitioner: 'p-social-worker',
    outcome: 'REFUSED',
    refusal: { code },
  });
}

describe('what is no operation is refused, on record, and tells nothing of the inside', () => {
  test.each(NOT_HTTP)('%s', async (_case, sent, status, code) => {
    const answer = await send(sent);
    expectRefusal(answer, status, code);
    await expectOnRecord(answer, code);
    if (status === 405) expect(answer.headers['allow']).toBe('POST');
  });

  test.each(NOT_AN_OPERATION)('%s', async (_case, sent, code) => {
    const answer = await send(sent);
    expectRefusal(answer, 400, code);
    await expectOnRecord(answer, code);
  });

  test.each(TOO_COMPLEX)('an operation that is %s', async (_case, query) => {
    const answer = await send(ask(query));
    expectRefusal(answer, 400, 'OPERATION_TOO_COMPLEX');
    await expectOnRecord(answer, 'OPERATION_TOO_COMPLEX');
  });

  test('and no field is named that the caller did not name', async () => {
    for (const query of [
      '{ me { nam } }',
      '{ chil { id } }',
      '{ school(ur: 1) { name } }',
      'query ($a: IDD) { me { id } }',
    ])
      expect((await send(ask(query))).text).not.toMatch(/did you mean/i);
  });
});

describe('what is an operation is answered', () => {
  test('under names that every object has', async () => {
    const answer = await send(
      ask('{ constructor: me { id } hasOwnProperty: me { id } toString: me { id } }'),
    );
    const me = { id: 'p-social-worker' };
    expect(answer.body).toEqual({ data: { constructor: me, hasOwnProperty: me, toString: me } });
  });

  test('for a number of no child, however long', async () => {
    for (const id of ['', ' ', '7', '../../etc/passwd', "'; drop table child; --", 'ﬀ'.repeat(50_000)])
      expect((await send(askFor(id))).body).toEqual({ data: { child: null } });
  });

  test('with a reason in the caller’s own language, kept as it was written', async () => {
    const reason = 'Ärztliche Rückfrage – dringend, 至急';
    const answer = await send({
      ...askFor(system.scenarios.joined),
      headers: { 'access-reason': Buffer.from(reason).toString('latin1') },
    });
    expect(answer.status).toBe(200);
    const index = String(answer.receipt).split(' ')[1];
    const leaf = (await readLeaves(system)).find((each) => each.index === index);
    expect(leaf?.event.reason).toBe(reason);
  });
});

describe('odd headers', () => {
  test.each<[string, NonNullable<Sent['headers']>, number, string]>([
    ['two purposes', { 'access-purpose': ['S47', 'S17'] }, 403, 'PURPOSE_OF_USE_REQUIRED'],
    ['the same purpose twice', { 'access-purpose': ['S47', 'S47'] }, 403, 'PURPOSE_OF_USE_REQUIRED'],
    ['an override of another name', { 'access-override': 'please' }, 403, 'ACCESS_REASON_REQUIRED'],
    ['a colleague’s token that is none', { 'on-behalf-of': 'x.y.z' }, 401, 'UNAUTHENTICATED'],
  ])('%s', async (_case, headers, status, code) => {
    const answer = await send({ ...askFor(system.scenarios.joined), headers });
    expectRefusal(answer, status, code);
    await expectOnRecord(answer, code);
  });

  test('two tokens are none', async () => {
    const token = `Bearer ${await system.token('social-worker')}`;
    const answer = await send({
      ...askFor(system.scenarios.joined),
      headers: { authorization: `${token}, ${token}` },
    });
    expectRefusal(answer, 401, 'UNAUTHENTICATED');
  });
});

describe('callers who are nobody', () => {
  test.each<[string, Sent]>([
    ['half a JSON', { body: '{"' }],
    ['more than 1 MB', ask('x'.repeat(1_100_000))],
    ['an operation that is too wide', ask(`{ ${times(700, 'me { id }')} }`)],
    ['a syntax error', ask('{')],
    ['a GET', { method: 'GET' }],
  ])('are told to sign in, whatever they send: %s', async (_case, sent) => {
    const answer = await send({ ...sent, headers: { authorization: undefined } });
    expectRefusal(answer, 401, 'UNAUTHENTICATED');
    expect(answer.receipt).toBeUndefined();
  });

  test('cannot fill the log', async () => {
    const before = (await readAskedLeaves(system)).length;
    const flood = await Promise.all(
      Array.from({ length: 50 }, (_, place) =>
        send({ ...ask('{ me { id } }'), headers: { authorization: `Bearer forged-${place}` } }),
      ),
    );
    expect(flood.every(({ status }) => status === 401)).toBe(true);
    expect((await readAskedLeaves(system)).length - before).toBeLessThanOrEqual(2);
  });

  test('are not told of routes there are none of', async () => {
    const answer = await request(`${system.urls.gateway}/graphql/9434765870`, { method: 'GET' });
    expect([answer.statusCode, await answer.body.text()]).toEqual([404, '{"status":"not found"}']);
  });
});
