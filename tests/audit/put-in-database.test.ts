import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeTarget, PATIENCE } from './tampered.ts';
import { openTamperedDatabase, type TamperedDatabase } from './tampered-database.ts';

const sample = makeTarget();
const [first, second, third] = [0, 1, 2].map((boot) => sample.log('gateway-1', boot).origin) as [
  string,
  string,
  string,
];
let database: TamperedDatabase;

beforeAll(async () => {
  database = await openTamperedDatabase(sample);
});
afterAll(async () => {
  await database?.[Symbol.asyncDispose]();
});

const changed = (...statements: readonly string[]) =>
  database.verifyChanged(async () => {
    for (const statement of statements) {
      const { count } = await database.sql.unsafe(statement);
      expect(count, statement).toBeGreaterThan(0);
    }
  });

/** A leaf that nobody appended: the event is another's, so that it reads well. */
const putIn = (origin: string, index: number, of: string) => `
  insert into leaf (origin, index, at, leaf, leaf_hash)
  select '${origin}', ${index}, at + interval '1 minute', leaf, leaf_hash from leaf
  where origin = '${of}' and index = 1`;

describe('whoever owns the database, and', { timeout: PATIENCE }, () => {
  test.each<[string, string, string, string[]]>([
    ['puts an event behind a log that has ended', 'BOOT_CHAIN', second, [putIn(second, 600, third)]],
    ['puts an event behind one that goes on, with a gap', 'INDEX', third, [putIn(third, 21, second)]],
    ['puts a second event under an index', 'INDEX', third, [putIn(third, 7, second)]],
    [
      'puts an event before the others, which move up',
      'TILE',
      second,
      [
        `update leaf set index = index + 10001 where origin = '${second}' and index >= 300`,
        `update leaf set index = index - 10000 where origin = '${second}' and index > 10000`,
        putIn(second, 300, third),
      ],
    ],
    [
      'invents a boot, and signs nothing of it',
      'BOOT_CHAIN',
      'sample.local/gateway-1/20261122T101599Z-4f2a',
      [
        `insert into leaf (origin, index, at, leaf, leaf_hash)
         select 'sample.local/gateway-1/20261122T101599Z-4f2a', index, at, leaf, leaf_hash from leaf
         where origin = '${first}'`,
      ],
    ],
    [
      'takes away the newest checkpoint, and puts another event under it',
      'FORK',
      third,
      [
        `delete from checkpoint where origin = '${third}' and size = 20`,
        `update leaf set (leaf, leaf_hash) = (
           select leaf, leaf_hash from leaf where origin = '${second}' and index = 1
         ) where origin = '${third}' and index = 19`,
      ],
    ],
    [
      'takes away the last leaf with its checkpoint',
      'TRUNCATED',
      third,
      [
        `delete from leaf where origin = '${third}' and index = 19`,
        `delete from checkpoint where origin = '${third}' and size = 20`,
      ],
    ],
    [
      'puts the checkpoint of before in place of the newest',
      'UNREADABLE',
      third,
      [
        `update checkpoint set (root_hash, signed_note) = (
           select root_hash, signed_note from checkpoint where origin = '${third}' and size = 8
         ) where origin = '${third}' and size = 20`,
      ],
    ],
    [
      'puts the checkpoint of another log in its place',
      'UNREADABLE',
      third,
      [
        `update checkpoint set (root_hash, signed_note) = (
           select root_hash, signed_note from checkpoint where origin = '${second}' and size = 600
         ) where origin = '${third}' and size = 20`,
      ],
    ],
  ])('%s, is found out: %s', async (_case, code, origin, statements) => {
    const { sound, faults } = await changed(...statements);
    expect(sound).toBe(false);
    expect(faults).toContainEqual(expect.objectContaining({ code, origin }));
  });
});
