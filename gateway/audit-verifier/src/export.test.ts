import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLogKeys, readWitnessKeys } from '@contactpoint/audit-log/log-keys';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openExport } from './export-source.ts';
import type { LogSource } from './log-source.ts';
import { makeSample, type SampleBoot, type SampleDeployment } from './testing/sample-deployment.ts';
import { verify } from './verify.ts';
import { writeExport } from './write-export.ts';

const BOOTS: readonly SampleBoot[] = [
  { instance: 'gateway-1', leaves: 3, checkpoints: [1, 3] },
  { instance: 'gateway-1', leaves: 700, checkpoints: [1, 255, 256, 257, 512, 700] },
  { instance: 'gateway-1', leaves: 40, checkpoints: [8, 37] },
  { instance: 'import', leaves: 2, checkpoints: [2] },
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'contactpoint-export-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function verifySample(sample: SampleDeployment, source: LogSource = sample.source()) {
  return await verify({
    source,
    keys: readLogKeys(sample.keys),
    witnesses: readWitnessKeys(sample.witnessKeys),
  });
}

describe('an export', () => {
  test('is the same as its source, with its tiles compared', async () => {
    const sample = makeSample(BOOTS);
    const exported = join(folder, 'sound');
    const summary = await writeExport(sample.source(), exported);
    expect(summary).toEqual({ logs: 5, leaves: 756 });
    const report = await verifySample(sample, openExport(exported));
    expect(report.faults).toEqual([]);
    const original = await verifySample(sample);
    expect(report.logs.map((log) => ({ ...log, tiles: 0 }))).toEqual(original.logs);
    // 700 leaves: two full tiles and a partial one, and a partial one of their two hashes.
    expect(report.logs[2]?.tiles).toBe(4);
    for (const file of readdirSync(exported, { recursive: true, withFileTypes: true })) {
      const { mode } = statSync(join(file.parentPath, file.name));
      expect(mode & 0o077, file.name).toBe(0);
    }
  });

  test.each([
    ['an older checkpoint shown as the newest', 'checkpoint', 'OLD_CHECKPOINT'],
    ['a tile that is not there', 'tile/0/001', 'TILE'],
    ['entries that are not there', 'tile/entries/001', 'TRUNCATED'],
    ['no list of checkpoints', 'checkpoints', 'OLD_CHECKPOINT'],
  ])('with %s is not sound', async (what, file, code) => {
    const sample = makeSample(BOOTS);
    const exported = join(folder, what.replaceAll(' ', '-'));
    await writeExport(sample.source(), exported);
    const log = sample.log('gateway-1', 1);
    const path = join(exported, ...log.origin.split('/'), file);
    if (file === 'checkpoint') writeFileSync(path, log.notes[2] as string);
    else rmSync(path);
    const { faults } = await verifySample(sample, openExport(exported));
    expect(faults.map((fault) => fault.code)).toContain(code);
  });

  test('that was not written to its end is no log that lacks something: nobody takes it for an export', async () => {
    const exported = join(folder, 'ended');
    const sample = makeSample(BOOTS);
    // Nothing but leaves that no checkpoint covers is lacking: all that is signed would verify.
    const ended = {
      ...sample.source(),
      log(origin: string) {
        const log = sample.source().log(origin);
        const leaves = log.leaves.bind(log);
        if (origin.includes('import'))
          log.leaves = async function* () {
            yield* leaves();
            throw new Error('ended');
          };
        return log;
      },
    };
    await expect(writeExport(ended, exported)).rejects.toThrow('ended');
    expect(readdirSync(exported)).toEqual(['.part']);
    await expect(verifySample(sample, openExport(exported))).rejects.toThrow(
      `${exported} holds an export that was not written to its end`,
    );
  });

  test('holds every checkpoint as it was signed', async () => {
    const sample = makeSample(BOOTS);
    const exported = join(folder, 'notes');
    await writeExport(sample.source(), exported);
    const log = sample.log('gateway-1', 1);
    const text = readFileSync(join(exported, ...log.origin.split('/'), 'checkpoints'), 'utf8');
    expect(text).toBe(log.notes.join('\n'));
  });
});
