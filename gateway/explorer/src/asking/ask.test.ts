import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NOTHING_STATED, type StatedAccess } from '../bar/stated-access.ts';
import { createAsk } from './ask.ts';

let token: string | undefined;
let stated: StatedAccess;
let sent: { headers: Record<string, string>; body: unknown }[];
let answer: () => Promise<Response>;
let broken: number;
let unauthenticated: number;

beforeEach(() => {
  [token, stated, sent, broken, unauthenticated] = ['at-1', NOTHING_STATED, [], 0, 0];
  answer = async () =>
    Response.json({ data: { me: null } }, { headers: { 'access-log': 'log.example/1 7' } });
  vi.stubGlobal('fetch', async (url: string, init: { headers: Record<string, string>; body: string }) => {
    expect(url).toBe('/graphql');
    // As fetch does: a header's characters are bytes.
    new Headers(init.headers);
    sent.push({ headers: init.headers, body: JSON.parse(init.body) });
    return await answer();
  });
});
afterEach(() => vi.unstubAllGlobals());

const ask = createAsk({
  token: () => token,
  access: () => stated,
  onBrokenGlass: () => void broken++,
  onUnauthenticated: () => void unauthenticated++,
});

test('sends the token and what the bar states, and says where the access is on record', async () => {
  stated = { purpose: 'S47', reason: '  Réunion – 会議 ', breakGlass: false };
  const { receipt, status, data } = await ask({ query: '{ me { id } }', variables: { a: 1 } });
  expect({ receipt, status, data }).toEqual({
    receipt: { origin: 'log.example/1', index: '7' },
    status: 200,
    data: { me: null },
  });
  const [request] = sent;
  expect(request?.headers).toMatchObject({ authorization: 'Bearer at-1', 'access-purpose': 'S47' });
  expect(Buffer.from(request?.headers['access-reason'] ?? '', 'latin1').toString()).toBe('Réunion – 会議');
  expect(request?.headers).not.toHaveProperty('access-override');
  expect(request?.body).toEqual({ query: '{ me { id } }', variables: { a: 1 } });
});

test('a reason that was pasted with controls in it is sent without them', async () => {
  stated = { purpose: 'S47', reason: 'Enquiry\u0000opened\n today', breakGlass: false };
  await ask({ query: '{ me { id } }' });
  expect(sent[0]?.headers['access-reason']).toBe('Enquiry opened  today');
});

test('states nothing that is not stated', async () => {
  await ask({ query: '{ me { id } }' });
  expect(Object.keys(sent[0]?.headers ?? {}).filter((name) => name.startsWith('access-'))).toEqual([]);
});

test('break-glass goes with what somebody runs, once, and never with a page’s own questions', async () => {
  stated = { purpose: 'EC', reason: 'Unconscious, no carer here', breakGlass: true };
  await ask({ query: '{ __schema { queryType { name } } }' });
  expect([sent[0]?.headers['access-override'], broken]).toEqual([undefined, 0]);
  await ask({ query: '{ child(id: 1) { id } }', mayBreakGlass: true });
  expect([sent[1]?.headers['access-override'], broken]).toEqual(['break-glass', 1]);
});

test.each([
  ['the gateway refused it, and nothing was opened', 400, 0],
  ['the gateway could not decide, and something may be open', 503, 1],
])('break-glass, when %s', async (_case, status, times) => {
  stated = { purpose: 'EC', reason: 'Unconscious, no carer here', breakGlass: true };
  answer = async () => Response.json({ errors: [{ message: 'no' }] }, { status });
  await ask({ query: '{ child(id: 1) { id } }', mayBreakGlass: true });
  expect(broken).toBe(times);
});

test('without a session nothing is sent', async () => {
  token = undefined;
  const { status, errors } = await ask({ query: '{ me { id } }' });
  expect([status, errors[0]?.extensions, sent.length]).toEqual([0, { code: 'SESSION_ENDED' }, 0]);
});

test('a token that the gateway takes no more ends the session', async () => {
  answer = async () =>
    Response.json({ errors: [{ message: 'no', extensions: { code: 'UNAUTHENTICATED' } }] }, { status: 401 });
  await ask({ query: '{ me { id } }' });
  expect(unauthenticated).toBe(1);
});

test.each([
  ['nobody answers', async () => Promise.reject(new TypeError('Failed to fetch'))],
  ['what answers is not the gateway', async () => new Response('<h1>Bad gateway</h1>', { status: 502 })],
  ['what comes is no answer', async () => Response.json({ errors: 'x' })],
  ['what comes has errors that are none', async () => Response.json({ errors: [null] })],
  ['what comes is nothing', async () => Response.json(null)],
])('where %s, the answer says so', async (_case, outcome) => {
  answer = outcome;
  const { errors } = await ask({ query: '{ me { id } }' });
  expect(errors).toEqual([
    { message: 'The gateway cannot be reached', extensions: { code: 'GATEWAY_UNREACHABLE' } },
  ]);
});
