import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestSystem, type TestSystem } from '../running-system.ts';

/** Audits of graphql-http 1.23. */
const AUDITS = 61;

let system: TestSystem;
let authorization: string;
beforeAll(async () => {
  system = await startTestSystem();
  authorization = `Bearer ${await system.token('teacher')}`;
}, 300_000);
afterAll(() => system?.remove());

test('every audit of graphql-http is ok: none to notice, none to warn of', async () => {
  const audits = serverAudits({
    url: `${system.urls.gateway}/graphql`,
    fetchFn: (url: string, request: RequestInit = {}) =>
      fetch(url, { ...request, headers: { ...request.headers, authorization } }),
  });
  const found = [];
  for (const audit of audits) found.push(await audit.fn());
  expect(
    found.filter(({ status }) => status !== 'ok').map(({ id, name, status }) => [id, name, status]),
  ).toEqual([]);
  expect(found).toHaveLength(AUDITS);
});
