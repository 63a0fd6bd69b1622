import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import postgres from 'postgres';
import { describe, expect, test } from 'vitest';
import { leafHash } from './merkle.ts';
import { openPostgresLog } from './postgres-log.ts';
import { createAuditDatabase } from './testing/audit-database.ts';

/** As events are, text of any kind, and what is none: each a leaf that could be appended. */
const leaf = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 80 }).map((reason) => Buffer.from(JSON.stringify({ reason }))),
  fc.string({ unit: 'binary', maxLength: 80 }).map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom('', '\\x41', '\\\\', '\u0000', '\ufeffmark', '\u{10ffff}\uffff', "'\n", '£', '…')
    .map((text) => Buffer.from(text)),
);

/** Halves of a character: neither is text, and both one after the other are. */
const HALVES = [Buffer.from('what the two wait for'), Buffer.from([0xe2, 0x82]), Buffer.from([0xac])];

describe.each(['UTF8', 'LATIN1', 'SQL_ASCII'] as const)('a database that keeps text in %s', (encoding) => {
  test('keeps leaves of any bytes as they are', async () => {
    await using database = await createAuditDatabase(undefined, encoding);
    const origin = `test/${randomBytes(6).toString('hex')}`;
    const log = await openPostgresLog({ url: database.writerUrl, origin, allowUnsafeServer: true });
    const reader = postgres(database.readerUrl, { max: 1 });
    const batches = [HALVES, ...fc.sample(fc.array(leaf, { minLength: 1, maxLength: 8 }), 60)];
    const given: Buffer[] = [];
    for (const batch of batches) {
      given.push(...batch);
      await Promise.all(batch.map((each) => log.append(each)));
    }
    await log.close();
    const rows = await reader<{ leaf: Buffer; leaf_hash: Buffer }[]>`
      select leaf, leaf_hash from leaf where origin = ${origin} order by index`;
    expect(rows.map((row) => row.leaf.toString('hex'))).toEqual(given.map((each) => each.toString('hex')));
    expect(rows.map((row) => row.leaf_hash)).toEqual(given.map((each) => Buffer.from(leafHash(each))));
    await reader.end();
  });
});
