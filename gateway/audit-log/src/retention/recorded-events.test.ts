import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AccessEvent } from '../access-event.ts';
import type { AuditLog } from '../audit-log.ts';
import { encodeAccessEvent } from '../encode-access-event.ts';
import { createAuditDatabase, type TestAuditDatabase } from '../testing/audit-database.ts';
import { openDatedLog } from '../testing/dated-log.ts';
import { fakeSigner } from '../testing/fake-signer.ts';
import { pruneLeaves, readOrigins, readPrunedIndexes } from './prune-leaves.ts';
import { type RecordedEvent, readRecordedEvents } from './recorded-events.ts';

const ORIGIN = 'contactpoint.test/gateway-1/00';
const LATER = new Date('2100-01-01T00:00:00Z');

let database: TestAuditDatabase;
let log: AuditLog;
let audit: postgres.Sql;
let now = new Date('2019-01-01T00:00:00.000Z');

beforeEach(async () => {
  database = await createAuditDatabase();
  now = new Date('2019-01-01T00:00:00.000Z');
  log = await openDatedLog(database.ownerUrl, ORIGIN, () => now);
  audit = postgres(database.retentionUrl, { max: 2 });
  await append({ kind: 'boot' });
});
afterEach(async () => {
  await log?.close();
  await audit?.end();
  await database?.[Symbol.asyncDispose]();
});

function leavesOf(changes: Partial<AccessEvent> = {}): Uint8Array[] {
  return encodeAccessEvent({
    ...{ version: 1, kind: 'access', nonce: randomBytes(16).toString('hex'), at: now.toISOString() },
    ...{ instance: 'gateway-1', override: false, outcome: 'RELEASED', jtis: [], subjects: [] },
    ...changes,
  } as AccessEvent);
}
const append = async (changes: Partial<AccessEvent> = {}) => {
  for (const leaf of leavesOf(changes)) await log.append(leaf);
};
const sign = async () => {
  await using signer = fakeSigner(database.signerUrl);
  await signer.sign(ORIGIN);
};
async function read(before = LATER): Promise<RecordedEvent[]> {
  return await all(readRecordedEvents(audit, ORIGIN, before));
}
async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const gathered: Item[] = [];
  for await (const item of items) gathered.push(item);
  return gathered;
}
const large = {
  practitioner: 'p-large',
  subjects: Array.from({ length: 3_000 }, (_, n) => ({
    ...{ child: String(n).padStart(16, '0'), released: ['Child.id'], withheld: [], policies: [] },
  })),
};

describe('readRecordedEvents', () => {
  test('puts an event’s parts together, also where another one’s lie between them', async () => {
    const [one, other] = [leavesOf(large), leavesOf({ ...large, practitioner: 'p-other' })];
    expect(one.length).toBeGreaterThan(2);
    for (const [place, leaf] of one.entries()) {
      await log.append(leaf);
      await log.append(other[place] as Uint8Array);
    }
    await sign();
    const events = (await read()).filter(({ event }) => event.kind === 'access');
    expect(events.map(({ event }) => [event.practitioner, event.subjects.length])).toEqual([
      ['p-large', 3_000],
      ['p-other', 3_000],
    ]);
    expect(events[0]?.indexes).toEqual(one.map((_leaf, place) => BigInt(1 + 2 * place)));
  });

  test('an event that was recorded again, whole, after some of its parts is about all of its children', async () => {
    const parts = leavesOf(large);
    const kept = parts.slice(0, -1);
    for (const leaf of [...kept, ...parts]) await log.append(leaf);
    await sign();
    const [event, ...more] = (await read()).filter(({ event }) => event.kind === 'access');
    expect(more).toEqual([]);
    expect(event?.event.subjects).toHaveLength(3_000);
    // What broke off goes with the event, and only then.
    expect(event?.indexes).toEqual([...kept, ...parts].map((_leaf, place) => BigInt(1 + place)));
  });

  test('gives what was kept before a moment, and when', async () => {
    await append({ practitioner: 'p-1' });
    now = new Date('2019-06-01T12:00:00.000Z');
    await append({ practitioner: 'p-2', at: '2018-01-01T00:00:00.000Z' });
    await sign();
    const events = await read(new Date('2019-06-01T12:00:00.001Z'));
    expect(events.map(({ event, recordedAt }) => [event.practitioner, recordedAt])).toEqual([
      [undefined, '2019-01-01T00:00:00.000Z'],
      ['p-1', '2019-01-01T00:00:00.000Z'],
      ['p-2', '2019-06-01T12:00:00.000Z'],
    ]);
    expect(await read(new Date('2019-06-01T12:00:00.000Z'))).toHaveLength(2);
  });

  test('leaves out what no checkpoint covers, what is no event and what is not whole', async () => {
    await log.append(Buffer.from('no event'));
    await log.append(leavesOf(large)[0] as Uint8Array);
    await append({ practitioner: 'p-covered' });
    await sign();
    await append({ practitioner: 'p-new' });
    expect((await read()).map(({ event }) => event.practitioner)).toEqual([undefined, 'p-covered']);
  });
});

describe('pruneLeaves', () => {
  test('forgets leaves once, says how many, and they are read no more', async () => {
    for (const n of [1, 2, 3]) await append({ practitioner: `p-${n}` });
    await sign();
    expect(await readOrigins(audit)).toEqual([ORIGIN]);
    expect(await pruneLeaves(audit, ORIGIN, [1n, 3n])).toBe(2);
    expect(await pruneLeaves(audit, ORIGIN, [1n, 3n])).toBe(0);
    expect((await read()).map(({ event }) => event.practitioner)).toEqual([undefined, 'p-2']);
    expect(await all(readPrunedIndexes(audit, ORIGIN, LATER))).toEqual([[1n, 3n]]);
  });

  test('never forgets a boot, nor what no checkpoint covers', async () => {
    await append();
    await sign();
    await append();
    expect(await pruneLeaves(audit, ORIGIN, [0n, 2n])).toBe(0);
  });
});
