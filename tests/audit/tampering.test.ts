import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { leafHash } from '@contactpoint/audit-log/merkle';
import { encodeEntries } from '@contactpoint/audit-verifier/entry-bundle';
import { openExport } from '@contactpoint/audit-verifier/export-source';
import type { VerificationReport } from '@contactpoint/audit-verifier/report';
import { showReport } from '@contactpoint/audit-verifier/show-report';
import { makeSample, rootOf } from '@contactpoint/audit-verifier/testing/sample-deployment';
import { writeExport } from '@contactpoint/audit-verifier/write-export';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codes, isFound, makeTarget, PATIENCE, RUNS, verifyTarget } from './tampered.ts';

const sample = makeTarget();
const verifySource = (source: Parameters<typeof verifyTarget>[1]) => verifyTarget(sample, source);

let folder: string;
let sound: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'contactpoint-tampering-'));
  sound = join(folder, 'sound');
  await writeExport(sample.source(), sound);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A copy of the sound export, changed and verified. */
async function verifyChangedExport(change: (copy: string) => void): Promise<VerificationReport> {
  const copy = mkdtempSync(join(folder, 'copy-'));
  try {
    cpSync(sound, copy, { recursive: true });
    change(copy);
    return await verifySource(openExport(copy));
  } finally {
    rmSync(copy, { recursive: true });
  }
}

/** Paths of its files within a folder. */
function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

/** Puts something in at a file of tiles or entries, which themselves stay as they are. */
function putIn(file: string, how: string, invented: Uint8Array): void {
  const bytes = readFileSync(file);
  const partial = file.endsWith('.p') ? undefined : /^(.*)\/(\d{3})\.p\/(\d+)$/.exec(file);
  const folderOfTile = partial?.[1] ?? dirname(file);
  const index = Number(partial?.[2] ?? basename(file));
  const more = file.includes('entries') ? invented : invented.subarray(0, 1);
  if (how === 'entries') appendFileSync(file, more);
  else if (how === 'hash') appendFileSync(file, leafHash(invented));
  else if (how === 'longer') appendFileSync(file, bytes);
  else if (how === 'next') writeFileSync(join(folderOfTile, String(index + 7).padStart(3, '0')), bytes);
  else if (how === 'narrower')
    putInNarrower(join(folderOfTile, `${String(index).padStart(3, '0')}.p`), bytes);
  else if (how === 'unknown') writeFileSync(`${file}.json`, invented);
  else {
    mkdirSync(join(dirname(file), 'more/tile'), { recursive: true });
    writeFileSync(join(dirname(file), 'more/tile/000'), bytes);
  }
}

function putInNarrower(folder: string, bytes: Uint8Array): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, '1'), bytes, { flag: 'a' });
}

const second = () => sample.log('gateway-1', 1).origin;
const pathOf = (copy: string, origin: string) => join(copy, ...origin.split('/'));

describe('in the export', () => {
  test(
    'any byte of any file changed is found',
    async () => {
      const files = filesOf(sound);
      expect(files.length).toBeGreaterThan(20);
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...files),
          fc.nat(),
          fc.integer({ min: 1, max: 255 }),
          async (file, at, flip) => {
            const report = await verifyChangedExport((copy) => {
              const bytes = readFileSync(join(copy, file));
              const place = at % bytes.length;
              bytes[place] = (bytes[place] as number) ^ flip;
              writeFileSync(join(copy, file), bytes);
            });
            expect(isFound(report), file).toBe(true);
          },
        ),
        { numRuns: RUNS },
      );
    },
    PATIENCE,
  );

  test(
    'any file removed, or cut short anywhere, is found',
    async () => {
      const files = filesOf(sound);
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...files), fc.option(fc.nat()), async (file, length) => {
          const report = await verifyChangedExport((copy) => {
            const bytes = readFileSync(join(copy, file));
            if (length === null) rmSync(join(copy, file));
            else writeFileSync(join(copy, file), bytes.subarray(0, length % bytes.length));
          });
          expect(isFound(report), file).toBe(true);
        }),
        { numRuns: RUNS },
      );
    },
    PATIENCE,
  );

  test(
    'anything put in is found: entries or hashes after those of a file, and files that no log has',
    async () => {
      const invented = encodeEntries([Buffer.from('{"kind":"access"}')]);
      const files = filesOf(sound).filter((file) => file.includes('tile/'));
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...files),
          fc.constantFrom('entries', 'hash', 'longer', 'next', 'narrower', 'unknown', 'nested'),
          async (file, how) => {
            const report = await verifyChangedExport((copy) => putIn(join(copy, file), how, invented));
            expect(report.sound, `${how} ${file}`).toBe(false);
          },
        ),
        { numRuns: 2 * RUNS },
      );
    },
    PATIENCE,
  );

  test('invented entries after those of a full and of a partial bundle are named as surplus', async () => {
    const invented = encodeEntries([Buffer.from('{"kind":"access"}')]);
    for (const [bundle, index] of [
      ['001', 512],
      ['002.p/88', 600],
    ] as const) {
      const report = await verifyChangedExport((copy) => {
        appendFileSync(join(pathOf(copy, second()), 'tile/entries', bundle), invented);
      });
      expect(report.faults[0], bundle).toMatchObject({ code: 'SURPLUS', origin: second(), index });
    }
  });

  test('a file beside the logs is named, and no fault', async () => {
    const report = await verifyChangedExport((copy) => {
      writeFileSync(join(copy, 'keys.txt'), 'mine');
      mkdirSync(join(copy, 'notes'));
      writeFileSync(join(copy, 'notes/events.ndjson'), '{}');
    });
    expect(report.sound).toBe(true);
    expect(report.strays).toEqual(['keys.txt', 'notes/events.ndjson']);
    expect(showReport(report)).toContain('2 files belong to no log and were not looked at: "keys.txt"');
  });

  test('any log removed is missed', async () => {
    for (const { origin } of sample.logs) {
      const report = await verifyChangedExport((copy) => rmSync(pathOf(copy, origin), { recursive: true }));
      expect(codes(report), origin).toContain('MISSING_LOG');
    }
  });

  test('an older checkpoint shown as the newest, alone or with everything after it gone, is found', async () => {
    const older = sample.log('gateway-1', 1).notes.slice(0, 4);
    const shown = await verifyChangedExport((copy) => {
      writeFileSync(join(pathOf(copy, second()), 'checkpoint'), older.at(-1) as string);
    });
    expect(codes(shown)).toEqual(['OLD_CHECKPOINT']);
    const rolledBack = await verifyChangedExport((copy) => {
      writeFileSync(join(pathOf(copy, second()), 'checkpoint'), older.at(-1) as string);
      writeFileSync(join(pathOf(copy, second()), 'checkpoints'), older.join('\n'));
    });
    expect(codes(rolledBack)).toContain('OLD_CHECKPOINT');
  });

  test('a fork under the very key of the deployment contradicts the aggregate', async () => {
    const forked = makeSample([
      { instance: 'other', leaves: 1, checkpoints: [] },
      { instance: 'gateway-1', leaves: 601, checkpoints: [] },
    ]).log('gateway-1');
    const { notes, origin } = sample.log('gateway-1', 1);
    forked.notes = notes.map((note) => {
      const size = Number(note.split('\n')[1]);
      return sample.sign(origin, size, rootOf(forked, size));
    });
    const logs = sample.logs.map((log) => (log.origin === origin ? { ...forked, origin } : log));
    const other = join(folder, 'forked');
    await writeExport({ ...sample, logs }.source(), other);
    const report = await verifySource(openExport(other));
    expect(report.faults[0]).toMatchObject({ code: 'FORK', origin, index: 0 });
  });
});
