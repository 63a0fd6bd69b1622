import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeSample } from '@contactpoint/audit-verifier/testing/sample-deployment';
import { writeExport } from '@contactpoint/audit-verifier/write-export';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const PACKAGE = fileURLToPath(new URL('../../gateway/audit-verifier', import.meta.url));

const sample = makeSample([
  { instance: 'gateway-1', leaves: 3, checkpoints: [1, 3] },
  { instance: 'gateway-1', leaves: 600, checkpoints: [256, 600] },
]);

let folder: string;
let program: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'contactpoint-verifier-alone-'));
  await run('npm', ['pack', '--pack-destination', folder], PACKAGE);
  const [tarball] = readdirSync(folder);
  await run('tar', ['-xzf', join(folder, tarball ?? '')], folder);
  program = join(folder, 'package', 'dist', 'contactpoint-verify.js');
  await writeExport(sample.source(), join(folder, 'export'));
  writeFileSync(join(folder, 'keys.txt'), sample.keys);
  writeFileSync(join(folder, 'witnesses.txt'), sample.witnessKeys);
  writeFileSync(join(folder, 'known.txt'), sample.aggregate.notes.join('\n'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Outcome {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

function run(command: string, words: readonly string[], cwd: string): Promise<Outcome> {
  return new Promise((ended) => {
    execFile(command, words, { cwd }, (error, stdout, stderr) =>
      ended({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

/** As a reviewer runs it: in a folder without packages, where neither the network nor this repository is asked for. */
function contactpointVerify(...words: string[]): Promise<Outcome> {
  return onNode([], ...words);
}

function onNode(options: readonly string[], ...words: string[]): Promise<Outcome> {
  return new Promise((ended) => {
    const place = { cwd: folder, env: { PATH: '/nonexistent', http_proxy: 'http://127.0.0.1:9' } };
    execFile(process.execPath, [...options, program, ...words], place, (error, stdout, stderr) =>
      ended({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

/** Options with which Node passes for another one. */
function passingFor(version: string): string[] {
  const versions = `{ ...process.versions, node: '${version}' }`;
  return [
    '--import',
    `data:text/javascript,Object.defineProperty(process, 'versions', { value: ${versions} })`,
  ];
}

describe('the packed verifier', () => {
  test('is one file and needs no other package', () => {
    expect(readdirSync(join(folder, 'package'), { recursive: true }).sort()).toEqual([
      'dist',
      'dist/contactpoint-verify.js',
      'package.json',
    ]);
  });

  test('finds the export sound, and says what it looked at', async () => {
    const { code, stdout, stderr } = await contactpointVerify(
      'export',
      '--keys',
      'keys.txt',
      '--witness-keys',
      'witnesses.txt',
      '--known',
      'known.txt',
    );
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain('SOUND');
    expect(stdout).toContain('607 events');
    expect(stdout).toContain('witness.example has signed 3 checkpoints, up to 4');
  });

  test.each(['18.20.4', '20.20.2', '22.11.0'])('on Node %s says which one it needs', async (version) => {
    const { code, stdout, stderr } = await onNode(passingFor(version), 'export', '--keys', 'keys.txt');
    expect(stderr).toBe(`contactpoint-verify needs Node 22.12 or later, and this is Node ${version}.\n`);
    expect(stdout).toBe('');
    expect(code).toBe(2);
    const { engines } = JSON.parse(readFileSync(join(folder, 'package', 'package.json'), 'utf8')) as {
      readonly engines: { readonly node: string };
    };
    expect(engines.node).toBe('>=22.12.0');
  });

  test.each(['22.12.0', '23.0.0', '24.1.0'])('on Node %s verifies', async (version) => {
    expect((await onNode(passingFor(version), 'export', '--keys', 'keys.txt')).code).toBe(0);
  });

  test('finds a changed byte, names log and index, and exits with 1', async () => {
    const changed = makeSample([{ instance: 'gateway-1', leaves: 300, checkpoints: [300] }]);
    changed.log('gateway-1').leaves[17] = Buffer.from('{}');
    await writeExport(changed.source(), join(folder, 'changed'));
    writeFileSync(join(folder, 'changed-keys.txt'), changed.keys);
    const { code, stdout } = await contactpointVerify('verify', 'changed', '--keys', 'changed-keys.txt');
    expect(code).toBe(1);
    expect(stdout).toContain(`LEAF ${changed.log('gateway-1').origin} 17`);
    expect(stdout).toContain('NOT SOUND');
    const { stdout: json } = await contactpointVerify(
      'verify',
      'changed',
      '--keys',
      'changed-keys.txt',
      '--json',
    );
    expect(JSON.parse(json)).toMatchObject({ sound: false, faults: [{ code: 'LEAF', index: 17 }] });
  });

  test.each([
    ['no keys', ['export']],
    ['a folder that is not there', ['nowhere', '--keys', 'keys.txt']],
    ['a file of keys that is not there', ['export', '--keys', 'nowhere.txt']],
    ['what are no keys', ['export', '--keys', 'known.txt']],
    ['a folder without a log', ['package', '--keys', 'keys.txt']],
    ['a command that there is not', ['export', 'export', '--keys', 'keys.txt']],
  ])('says nothing about a log where it was given %s, and exits with 2', async (_what, words) => {
    const { code, stdout } = await contactpointVerify(...words);
    expect(code).toBe(2);
    expect(stdout).not.toContain('SOUND');
  });
});
