import { createHash } from 'node:crypto';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, startTestSystem, type TestSystem } from '../running-system.ts';
import { leafOf, readAskedLeaves } from './access-log.ts';
import { VIEW } from './operations/joined-view.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(async () => {
  await system?.remove();
});

/** Anything over HTTP, by someone who is signed in and says what for. */
async function send(
  persona: string,
  purpose: string,
  { method = 'POST', search = '', body, type = 'application/json' }: Sent,
): Promise<Answer> {
  const answer = await request(`${system.urls.gateway}/graphql${search}`, {
    method,
    headers: {
      authorization: `Bearer ${await system.token(persona)}`,
      ...(body === undefined ? {} : { 'content-type': type }),
      'access-purpose': purpose,
      'access-reason': 'Enquiry opened this morning',
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.body.text();
  return {
    status: answer.statusCode,
    headers: answer.headers,
    text,
    body: text === '' ? {} : JSON.parse(text),
  };
}

interface Sent {
  readonly method?: 'GET' | 'HEAD' | 'POST';
  readonly search?: string;
  readonly body?: unknown;
  readonly type?: string;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const stored = (query: string) => ({ persistedQuery: { version: 1, sha256Hash: sha256(query) } });
const inUrl = (values: Readonly<Record<string, unknown>>) => {
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  const search = Object.entries(values).map(([key, value]): [string, string] => [key, text(value)]);
  return `?${new URLSearchParams(search)}`;
};

describe('GET', () => {
  test.each([
    ['an operation', () => inUrl({ query: '{ me { id } }' })],
    ['an operation on a child', () => inUrl({ query: VIEW, variables: { id: system.scenarios.joined } })],
    [
      'a stored operation',
      () => inUrl({ extensions: stored(VIEW), variables: { id: system.scenarios.joined } }),
    ],
    ['an operation and its hash', () => inUrl({ query: VIEW, extensions: stored(VIEW) })],
  ])('does not take %s, and says what it takes', async (_case, search) => {
    const before = (await readAskedLeaves(system)).length;
    const answer = await send('social-worker', 'S47', { method: 'GET', search: search() });
    expect([answer.status, answer.headers['allow']]).toEqual([405, 'POST']);
    expect(answer.body).not.toHaveProperty('data');
    const { event } = await leafOf(system, answer);
    expect(event).toMatchObject({ practitioner: 'p-social-worker', outcome: 'REFUSED', subjects: [] });
    // What stood in the URL is nowhere in the log.
    const leaves = (await readAskedLeaves(system)).slice(before);
    expect(leaves.map(({ text }) => text).join()).not.toContain(system.scenarios.joined);
  });
});

describe('a stored operation by its hash', () => {
  test('gives nobody an answer, not even after somebody sent the operation with it', async () => {
    const variables = { id: system.scenarios.joined };
    const whole = { query: VIEW, variables, extensions: stored(VIEW) };
    const sent = await send('social-worker', 'S47', { body: whole });
    for (const [persona, purpose] of [
      ['social-worker', 'S47'],
      ['teacher', 'ED'],
    ] as const) {
      const hashOnly = await send(persona, purpose, { body: { variables, extensions: stored(VIEW) } });
      // 200 is how the protocol says it; clients then send the operation itself.
      expect(hashOnly.status).toBe(200);
      expect(hashOnly.body).toEqual({
        errors: [expect.objectContaining({ extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } })],
      });
      expect((await leafOf(system, hashOnly)).event).toMatchObject({
        practitioner: `p-${persona}`,
        outcome: 'REFUSED',
      });
    }
    expect(sent.text).not.toContain('PERSISTED_QUERY_FOUND');
  });

  test('a hash of another operation gives the one that was sent, or none', async () => {
    const query = '{ me { id } }';
    const answer = await send('teacher', 'ED', {
      body: { query, variables: { id: system.scenarios.joined }, extensions: stored(VIEW) },
    });
    expect(answer.text).not.toContain('child');
    if (answer.body.data !== undefined) expect(answer.body.data).toEqual({ me: { id: 'p-teacher' } });
  });
});

describe('a body that is no single operation', () => {
  test.each([
    ['an array of one', () => [{ query: '{ me { id } }' }]],
    [
      'an array',
      () => [{ query: '{ me { id } }' }, { query: VIEW, variables: { id: system.scenarios.joined } }],
    ],
    ['an empty array', () => []],
  ])('%s is refused', async (_case, body) => {
    const answer = await send('social-worker', 'S47', { body: body() });
    expect(answer.status).toBe(400);
    expect(answer.body).not.toHaveProperty('data');
    expect((await leafOf(system, answer)).event.outcome).toBe('REFUSED');
  });

  test.each([
    ['text', 'text/plain', '{"query":"{ me { id } }"}'],
    ['a form', 'application/x-www-form-urlencoded', 'query=%7B%20me%20%7B%20id%20%7D%20%7D'],
    [
      'a file',
      'multipart/form-data; boundary=x',
      '--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n{"query":"{ me { id } }"}\r\n--x--',
    ],
    ['GraphQL', 'application/graphql', '{ me { id } }'],
  ])('%s, which any web page could send, is refused', async (_case, type, body) => {
    const answer = await send('social-worker', 'S47', { body, type });
    expect([answer.status, answer.body.data]).toEqual([415, undefined]);
  });
});

describe('the same operation by callers of different rights', () => {
  /** Persona, purpose, child. */
  type Asking = readonly [persona: string, purpose: string, child: string];
  const ask = async ([persona, purpose, child]: Asking) => {
    const answer = await send(persona, purpose, { body: { query: VIEW, variables: { id: child } } });
    expect(answer.status).toBe(200);
    return { persona, answer };
  };
  const callers = (): readonly Asking[] => [
    ['social-worker', 'S47', system.scenarios.joined],
    ['teacher', 'ED', system.scenarios.joined],
    ['social-worker', 'S17', system.scenarios.joined],
    ['general-practitioner', 'DC', system.scenarios.sensitive],
    ['teacher', 'ED', system.scenarios.shielded],
  ];

  test('never gets another’s answer: one after the other', async () => {
    const alone = new Map<string, string>();
    for (const round of [1, 2, 3]) {
      for (const caller of callers()) {
        const { answer } = await ask(caller);
        const key = caller.join(' ');
        if (round === 1) alone.set(key, answer.text);
        expect(answer.text).toBe(alone.get(key));
      }
    }
    expect(new Set(alone.values()).size).toBe(callers().length);
  });

  test('never gets another’s answer: a hundred at once', async () => {
    const alone = new Map<string, string>();
    for (const caller of callers()) alone.set(caller.join(' '), (await ask(caller)).answer.text);
    const asked = Array.from(
      { length: 100 },
      (_none, index) => callers()[index % callers().length] as Asking,
    );
    const answers = await Promise.all(asked.map((caller) => ask(caller)));

    for (const [index, { answer }] of answers.entries()) {
      expect(answer.text).toBe(alone.get(asked[index]?.join(' ') ?? ''));
    }
    const receipts = new Set(answers.map(({ answer }) => answer.headers['access-log']));
    expect(receipts.size).toBe(100);
    const leaves = new Map(
      (await readAskedLeaves(system)).map((leaf) => [`${leaf.origin} ${leaf.index}`, leaf.event]),
    );
    for (const { persona, answer } of answers) {
      expect(leaves.get(String(answer.headers['access-log']))?.practitioner).toBe(`p-${persona}`);
    }
  });
});
