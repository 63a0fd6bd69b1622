import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openExport } from '@contactpoint/audit-verifier/export-source';
import type { VerificationReport } from '@contactpoint/audit-verifier/report';
import { makeSample, rootOf } from '@contactpoint/audit-verifier/testing/sample-deployment';
import { writeExport } from '@contactpoint/audit-verifier/write-export';
import { openDatabase } from '@contactpoint/scripts/audit/database-source';
import fc from 'fast-check';
import type postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codes, isFound, makeTarget, PATIENCE, RUNS, verifyTarget } from './tampered.ts';
import { openTamperedDatabase, type TamperedDatabase } from './tampered-database.ts';

const sample = makeTarget();
let database: TamperedDatabase;
let sql: postgres.Sql;
let folder: string;
let sound: string;

beforeAll(async () => {
  database = await openTamperedDatabase(sample);
  sql = database.sql;
  folder = mkdtempSync(join(tmpdir(), 'contactpoint-tampering-'));
  sound = join(folder, 'sound');
  const source = await openDatabase(database.readerUrl);
  await writeExport(source, sound);
  await source.close();
});

afterAll(async () => {
  await database?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const verifyChanged = (change: () => Promise<unknown>) => database.verifyChanged(change);

const second = () => sample.log('gateway-1', 1).origin;

describe('the sound log', () => {
  test('passes in the database and in its export, with the same figures', async () => {
    const [stored, exported] = [await database.verified(), await verifyTarget(sample, openExport(sound))];
    expect(stored.faults).toEqual([]);
    expect(exported.faults).toEqual([]);
    const figures = ({ logs }: VerificationReport) => logs.map((log) => ({ ...log, tiles: undefined }));
    expect(figures(stored)).toEqual(figures(exported));
    expect(stored.leaves).toBe(636);
    expect(stored.logs.find(({ origin }) => origin === second())?.tiles).toBe(2);
  });

  test('passes again after all that the tests below do and undo', async () => {
    await verifyChanged(async () => undefined);
    expect((await database.verified()).faults).toEqual([]);
  });
});

describe('in the database, as its superuser', () => {
  test('a tile after the last leaf, of a log that is known and of one that is not, is found', async () => {
    for (const [origin, code] of [
      [second(), 'SURPLUS'],
      [second().replace('gateway-1', 'gateway-9'), 'SURPLUS'],
    ] as const) {
      const report = await verifyChanged(
        () => sql`
          insert into tile (origin, level, index, hashes)
          select ${origin}, 0, 2, hashes from tile where origin = ${second()} and index = 1`,
      );
      expect(report.faults, origin).toContainEqual(expect.objectContaining({ code, origin }));
    }
  });

  /** Every column that is evidence, and where a row of it is. */
  const columns = fc.constantFrom(
    ['leaf', 'leaf'],
    ['leaf', 'leaf_hash'],
    ['checkpoint', 'root_hash'],
    ['tile', 'hashes'],
    ['aggregate_leaf', 'leaf'],
    ['aggregate_leaf', 'leaf_hash'],
  );

  test(
    'any byte of a leaf, a hash, a root, a tile or an aggregated checkpoint changed is found',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          columns,
          fc.nat(),
          fc.nat(),
          fc.integer({ min: 1, max: 255 }),
          async ([table, column], row, at, flip) => {
            const report = await verifyChanged(async () => {
              const { count } = await sql`
            with chosen as (
              select ctid, tableoid from ${sql(table as string)} order by origin, ctid
              offset ${row}::bigint % (select count(*) from ${sql(table as string)}) limit 1
            )
            update ${sql(table as string)} as target set ${sql(column as string)} = set_byte(
              target.${sql(column as string)},
              ${at}::int % octet_length(target.${sql(column as string)}),
              get_byte(target.${sql(column as string)}, ${at}::int % octet_length(target.${sql(column as string)})) # ${flip}::int
            ) from chosen where target.ctid = chosen.ctid and target.tableoid = chosen.tableoid`;
              expect(count).toBe(1);
            });
            expect(isFound(report), `${table}.${column}`).toBe(true);
          },
        ),
        { numRuns: RUNS },
      );
    },
    PATIENCE,
  );

  test(
    'any character of a signed note or a cosignature changed is found',
    async () => {
      const places = fc.constantFrom(['checkpoint', 'signed_note'], ['cosignature', 'line']);
      await fc.assert(
        fc.asyncProperty(places, fc.nat(), fc.nat(), async ([table, column], row, at) => {
          const report = await verifyChanged(async () => {
            const rows = await sql<{ ctid: string; text: string }[]>`
            select ctid::text, ${sql(column as string)} as text from ${sql(table as string)} order by origin, size`;
            const { ctid, text } = rows[row % rows.length] as { ctid: string; text: string };
            const place = at % text.length;
            const other = text[place] === 'A' ? 'B' : 'A';
            const changed = text.slice(0, place) + other + text.slice(place + 1);
            await sql`update ${sql(table as string)} set ${sql(column as string)} = ${changed} where ctid = ${ctid}::tid`;
          });
          expect(isFound(report), `${table}.${column}`).toBe(true);
        }),
        { numRuns: RUNS },
      );
    },
    PATIENCE,
  );

  test(
    'a leaf removed, with those after it moved up, is found at its index',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 0, max: 511 }), async (index) => {
          const gap = await verifyChanged(
            () => sql`delete from leaf where origin = ${second()} and index = ${index}`,
          );
          expect(gap.faults[0]).toMatchObject({ code: 'INDEX', origin: second(), index });
          const closed = await verifyChanged(async () => {
            await sql`delete from leaf where origin = ${second()} and index = ${index}`;
            await sql`update leaf set index = index - 1 where origin = ${second()} and index > ${index}`;
          });
          // The tiles still hold the hashes of the leaves as they were.
          expect(closed.faults).toContainEqual(
            expect.objectContaining({ code: 'TILE', origin: second(), index }),
          );
        }),
        { numRuns: 10 },
      );
    },
    PATIENCE,
  );

  test(
    'two leaves exchanged are found, with their hashes or without, with their tile or without',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(598), fc.boolean(), fc.boolean(), async (index, withHash, withTile) => {
          const report = await verifyChanged(async () => {
            const [one, other] = await sql<{ leaf: Buffer; leaf_hash: Buffer }[]>`
            select leaf, leaf_hash from leaf where origin = ${second()} and index in (${index}, ${index + 1}) order by index`;
            for (const [place, row] of [other, one].entries()) {
              await sql`
              update leaf set leaf = ${row?.leaf ?? null}, leaf_hash = ${withHash ? (row?.leaf_hash ?? null) : sql`leaf_hash`}
              where origin = ${second()} and index = ${index + place}`;
            }
            if (withTile) await sql`delete from tile where origin = ${second()}`;
          });
          expect(report.sound).toBe(false);
        }),
        { numRuns: 20 },
      );
    },
    PATIENCE,
  );

  test(
    'a log cut off at its end is missed, also with its last checkpoints and tiles',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 599 }), fc.boolean(), async (size, withCheckpoints) => {
          const report = await verifyChanged(async () => {
            await sql`delete from leaf where origin = ${second()} and index >= ${size}`;
            if (!withCheckpoints) return;
            await sql`delete from checkpoint where origin = ${second()} and size > ${size}`;
            await sql`delete from tile where origin = ${second()} and (index + 1) * 256 > ${size}`;
          });
          expect(report.faults).toContainEqual(
            expect.objectContaining({ code: 'TRUNCATED', origin: second(), index: size }),
          );
        }),
        { numRuns: 10 },
      );
    },
    PATIENCE,
  );

  test('a checkpoint taken away, the newest or another, is missed there and in what is exported of it', async () => {
    for (const { origin, notes } of sample.logs.slice(0, -1)) {
      for (const note of notes) {
        const size = note.split('\n')[1] as string;
        const code = note === notes.at(-1) ? 'OLD_CHECKPOINT' : 'MISSING_CHECKPOINT';
        const copy = mkdtempSync(join(folder, 'copy-'));
        const stored = await verifyChanged(async () => {
          await sql`delete from checkpoint where origin = ${origin} and size = ${size}`;
          const source = await openDatabase(database.readerUrl);
          await writeExport(source, copy);
          await source.close();
        });
        const exported = await verifyTarget(sample, openExport(copy));
        for (const report of [stored, exported])
          expect(report.faults, `${origin} ${size}`).toEqual([expect.objectContaining({ code, origin })]);
      }
    }
  });

  test('a whole boot removed is missed, whatever goes with it but the aggregate', async () => {
    for (const { origin } of sample.logs.slice(0, -1)) {
      const report = await verifyChanged(async () => {
        for (const table of ['leaf', 'checkpoint', 'tile'])
          await sql`delete from ${sql(table)} where origin = ${origin}`;
      });
      expect(codes(report), origin).toContain('MISSING_LOG');
    }
  });

  test('a fork under the very key of the deployment contradicts the aggregate', async () => {
    const { origin, notes } = sample.log('gateway-1', 1);
    const forked = makeSample([
      { instance: 'other', leaves: 1, checkpoints: [] },
      { instance: 'gateway-1', leaves: 600, checkpoints: [] },
    ]).log('gateway-1');
    const report = await verifyChanged(async () => {
      await sql`delete from tile where origin = ${origin}`;
      for (const [index, leaf] of forked.leaves.entries()) {
        const [row, hash] = [
          Buffer.from(leaf as Uint8Array),
          Buffer.from(forked.hashes[index] as Uint8Array),
        ];
        await sql`update leaf set leaf = ${row}, leaf_hash = ${hash} where origin = ${origin} and index = ${index}`;
      }
      for (const note of notes) {
        const size = Number(note.split('\n')[1]);
        const root = rootOf(forked, size);
        await sql`
          update checkpoint set root_hash = ${Buffer.from(root)}, signed_note = ${sample.sign(origin, size, root)}
          where origin = ${origin} and size = ${size}`;
      }
    });
    expect(report.faults[0]).toMatchObject({ code: 'FORK', origin, index: 0 });
  });

  test('a leaf forgotten by hand, without an event that says so, is found', async () => {
    const forget = () =>
      sql`update leaf set leaf = null, pruned_at = now() where origin = ${second()} and index = 300`;
    expect((await verifyChanged(forget)).faults).toEqual([
      expect.objectContaining({ code: 'PRUNED', origin: second(), index: 300 }),
    ]);
  });
});
