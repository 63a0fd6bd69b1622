import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeSample, type SampleDeployment } from '@contactpoint/audit-verifier/testing/sample-deployment';
import { writeExport } from '@contactpoint/audit-verifier/write-export';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestSystem, type TestSystem } from '../running-system.ts';
import { runAudit } from './audit-command.ts';
import { buildGoVerifier, type GoOutcome, hasGo } from './go-verifier.ts';
import { startLoad } from './load.ts';

const isMissing = !hasGo();
if (isMissing && process.env['CI'] === undefined) {
  console.warn(
    '\n  !! LEFT OUT: the log verified by Go. golang-go and golang-golang-x-mod-dev are not on this machine.\n',
  );
}

let folder: string;
let verifyWithGo: (exported: string, vkey: string) => Promise<GoOutcome>;

/** Where CI is set these fail without Go. */
describe.skipIf(isMissing && process.env['CI'] === undefined)('the code of Go’s checksum database', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'contactpoint-go-'));
    verifyWithGo = await buildGoVerifier(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  describe('verifies an export', () => {
    let sample: SampleDeployment;
    let exported: string;
    beforeAll(async () => {
      sample = makeSample([
        { instance: 'gateway-1', leaves: 1, checkpoints: [1] },
        // Three levels of tiles, with every one of them partial.
        {
          instance: 'gateway-1',
          leaves: 66_000,
          checkpoints: [1, 255, 256, 257, 65_535, 65_536, 65_537, 65_800],
        },
        { instance: 'import', leaves: 512, checkpoints: [256, 512] },
      ]);
      sample.log('gateway-1', 1).leaves[7] = undefined;
      exported = join(folder, 'export');
      await writeExport(sample.source(), exported);
    });

    test('signatures, roots from leaves, and proofs from tiles', async () => {
      const { sound, reports, stderr } = await verifyWithGo(exported, vkeyOf(sample));
      expect(stderr).toBe('');
      expect(sound).toBe(true);
      expect(reports.map(({ origin }) => origin)).toEqual(sample.logs.map(({ origin }) => origin).sort());
      const second = reports.find(({ origin }) => origin === sample.log('gateway-1', 1).origin);
      expect(second).toMatchObject({ leaves: 65_800, checkpoints: 8, consistency: 8, pruned: 1 });
      expect(second?.inclusions).toBeGreaterThan(190);
    });

    test.each([
      ['an entry', 'tile/entries/001'],
      ['a tile of hashes', 'tile/0/000'],
      ['a tile of tiles', 'tile/1/000'],
      ['a checkpoint', 'checkpoints'],
    ])('and not one in which %s was changed', async (_what, file) => {
      const path = join(exported, ...sample.log('gateway-1', 1).origin.split('/'), file);
      const bytes = readFileSync(path);
      const changed = Buffer.from(bytes);
      changed[100] = (changed[100] as number) ^ 1;
      writeFileSync(path, changed);
      try {
        expect((await verifyWithGo(exported, vkeyOf(sample))).sound).toBe(false);
      } finally {
        writeFileSync(path, bytes);
      }
    });

    test('and not under another key', async () => {
      expect((await verifyWithGo(exported, vkeyOf(makeSample([])))).sound).toBe(false);
    });
  });

  describe('verifies the log that a load wrote', () => {
    let system: TestSystem;
    beforeAll(async () => {
      system = await startTestSystem();
    });
    afterAll(async () => {
      await system?.remove();
    });

    test('with every answer that a caller received in it', async () => {
      const load = await startLoad(system, 20);
      await expect.poll(() => load.replies.length, { timeout: 60_000 }).toBeGreaterThan(600);
      await load.end();
      const [origin = ''] = load.replies[0]?.receipt?.split(' ') ?? [];
      const last = Math.max(...load.replies.map(({ receipt }) => Number(receipt?.split(' ')[1])));
      await expect.poll(() => coveredLeaves(system, origin), { timeout: 10_000 }).toBeGreaterThan(last);
      const exported = join(folder, 'load');
      const reader = ['--practitioner', 'p-auditor', '--reason', 'Verified by another program'];
      const written = await runAudit(system.data, ['export', exported, ...reader]);
      expect(written.code, written.stderr).toBe(0);

      const vkey = readFileSync(join(system.data, 'audit-keys.txt'), 'utf8').trim();
      const { sound, reports, stderr } = await verifyWithGo(exported, vkey);
      expect(stderr).toBe('');
      expect(sound).toBe(true);
      const gateway = reports.find((report) => report.origin === origin);
      expect(gateway?.leaves).toBeGreaterThan(last);

      const verified = await runAudit(system.data, ['verify', exported, '--json']);
      expect(verified.code, verified.stdout).toBe(0);
    });
  });
});

function vkeyOf({ keys }: SampleDeployment): string {
  return keys.split('\n').find((line) => line.startsWith('sample.local+')) ?? '';
}

/** Leaves under the newest checkpoint of a log. */
async function coveredLeaves(system: TestSystem, origin: string): Promise<number> {
  const sql = postgres(system.clusters.audit.readerUrl, { max: 1 });
  const [row] = await sql<
    { size: string | null }[]
  >`select max(size) as size from checkpoint where origin = ${origin}`;
  await sql.end();
  return Number(row?.size ?? 0);
}
