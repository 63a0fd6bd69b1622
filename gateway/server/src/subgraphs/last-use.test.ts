import { usesDigest, verifyGrant } from '@contactpoint/access/grant';
import type { UsesRequest } from '@contactpoint/access/principal';
import pino from 'pino';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { writeGrantKeys } from '../testing/grant-keys.ts';
import { NOW } from '../testing/personas.ts';
import { type QuestionServer, startQuestionServer } from '../testing/question-server.ts';
import { createGrantSigner } from './grants.ts';
import { createLastUse } from './last-use.ts';

const keys = writeGrantKeys(['accreditation']);
afterAll(() => keys.remove());

describe('createLastUse', () => {
  let server: QuestionServer;
  let status: () => number | Promise<number>;
  beforeEach(async () => {
    status = () => 204;
    server = await startQuestionServer<UsesRequest>(async (_body, response, path) => {
      response.writeHead(path === '/used' ? await status() : 404).end();
    });
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  });
  afterEach(async () => {
    vi.useRealTimers();
    await server.close();
  });

  const start = () =>
    createLastUse({
      url: `${server.url}/graphql`,
      timeout: 2_000,
      grants: createGrantSigner(keys.folder, ['accreditation'], 'log.example'),
      policySet: 'policy-set',
      now: () => NOW,
      logger: pino({ level: 'silent' }),
    });
  const reports = () => server.received as UsesRequest[];

  test('tells each practitioner’s last use once, under a grant of the gateway for just that', async () => {
    const lastUse = start();
    lastUse.note('a', new Date('2026-06-15T11:00:00Z'));
    lastUse.note('b', NOW);
    lastUse.note('a', NOW);
    await lastUse.close();

    const uses = [
      { practitionerId: 'a', at: NOW.toISOString() },
      { practitionerId: 'b', at: NOW.toISOString() },
    ];
    expect(reports().map((report) => report.uses)).toEqual([uses]);
    const expected = { audience: 'accreditation', body: usesDigest(uses), now: NOW };
    const claims = await verifyGrant([...keys.keys.values()], reports()[0]?.accessGrant, expected);
    expect(claims).toMatchObject({ role: 'gateway', children: {} });
  });

  test('says nothing where nobody was there', async () => {
    await start().close();
    expect(reports()).toEqual([]);
  });

  test('tells again what accreditation could not take, but nothing older than what is known since', async () => {
    const refusal = Promise.withResolvers<number>();
    status = () => refusal.promise;
    const lastUse = start();
    lastUse.note('a', new Date('2026-06-15T11:00:00Z'));
    lastUse.note('b', new Date('2026-06-15T11:00:00Z'));
    vi.advanceTimersByTime(10_000);
    await vi.waitFor(() => expect(reports()).toHaveLength(1));
    lastUse.note('a', NOW);
    status = () => 204;
    // Closed while the report is still under way.
    const closed = lastUse.close();
    refusal.resolve(503);
    await closed;
    expect(reports()).toHaveLength(2);
    expect(
      Object.fromEntries(reports()[1]?.uses.map(({ practitionerId, at }) => [practitionerId, at]) ?? []),
    ).toEqual({ a: NOW.toISOString(), b: '2026-06-15T11:00:00.000Z' });
  });
});
