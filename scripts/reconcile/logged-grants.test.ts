import { randomBytes, randomUUID } from 'node:crypto';
import { encodeAccessEvent } from '@contactpoint/audit-log/encode-access-event';
import { openPostgresLog } from '@contactpoint/audit-log/postgres-log';
import { createAuditDatabase } from '@contactpoint/audit-log/testing/audit-database';
import postgres from 'postgres';
import { expect, test } from 'vitest';
import { keyOf, type LoggedGrant, openGrantLog } from './logged-grants.ts';

const ORIGIN = 'contactpoint.test/gateway-1/20260101T000000Z-4f2a';

function leafOf(jti: string): Buffer {
  const [leaf] = encodeAccessEvent({
    ...{ version: 1, kind: 'access', nonce: randomBytes(16).toString('hex'), at: '2026-01-01T00:00:00.000Z' },
    ...{ instance: 'gateway-1', practitioner: 'p-1', override: false, outcome: 'RELEASED' },
    ...{ jtis: [jti], subjects: [] },
  });
  return Buffer.from(leaf ?? []);
}

test('a leaf that is no event is named, and hides none of the others', async () => {
  await using database = await createAuditDatabase();
  const log = await openPostgresLog({ url: database.writerUrl, origin: ORIGIN, allowUnsafeServer: true });
  const [first, later, last] = [randomUUID(), randomUUID(), randomUUID()];
  for (const leaf of [
    leafOf(first),
    Buffer.from([0xff, 0x00]),
    Buffer.from('"garbage"'),
    // Of a version that is not known here: its grants can be read, and what it says of them cannot.
    Buffer.from(leafOf(later).toString().replace('"version":1', '"version":2')),
    leafOf(last),
  ])
    await log.append(leaf);
  await log.close();

  const sql = postgres(database.readerUrl, { max: 2 });
  const grants = openGrantLog(sql, undefined);
  const listed: LoggedGrant[] = [];
  for await (const grant of grants.grants) listed.push(grant);
  expect(listed.map(({ jti }) => jti)).toEqual([first, later, last].sort());
  const events = await grants.eventsOf(listed);
  expect([...events.keys()].sort()).toEqual(
    [0, 4].map((index) => keyOf({ origin: ORIGIN, index: `${index}` })),
  );
  expect(grants.unreadable.count).toBe(3);
  expect(grants.unreadable.first).toEqual(['1', '2', '3'].map((index) => ({ origin: ORIGIN, index })));
  await sql.end();
});
