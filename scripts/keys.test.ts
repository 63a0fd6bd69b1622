import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readVerificationKeys } from '@contactpoint/gateway/key-ring';
import { readCheckpointKeys } from '@contactpoint/signer/checkpoint-keys';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ensureSecrets, type SecretFiles } from './system/secrets.ts';

const COMMAND = fileURLToPath(new URL('keys.ts', import.meta.url));
const HEAD = { origin: 'contactpoint.local/aggregate', size: 1n, root: new Uint8Array(32) };

let data: string;
let files: SecretFiles;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'contactpoint-keys-'));
  files = ensureSecrets(data);
});

afterEach(() => {
  rmSync(data, { recursive: true });
});

function run(...words: string[]): Promise<{ code: number; said: string }> {
  return new Promise((settle) => {
    execFile(process.execPath, [COMMAND, '--data', data, ...words], (error, stdout, stderr) => {
      settle({ code: typeof error?.code === 'number' ? error.code : 0, said: stdout + stderr });
    });
  });
}

const sign = () => readCheckpointKeys(files.checkpointKey, undefined).sign(HEAD).note;
const vouched = (note: string) =>
  readCheckpointKeys(files.checkpointKey, files.auditKeys).vouchFor(HEAD.origin, note);
const linesOf = (note: string) => note.match(/^— /gm)?.length;
const kids = (file: string) => readVerificationKeys('GRANT_KEYS_FILE', file).map(({ kid }) => kid);

describe('npm run keys', () => {
  test('rotates the key of checkpoints; what any of them signed verifies by the public ones', async () => {
    const notes = [sign()];
    const { said } = await run('rotate', 'checkpoint');
    notes.push(sign());
    const shown = (await run('show')).said.trim().split('\n');
    expect((await run('retire', 'checkpoint')).code).toBe(0);
    notes.push(sign());

    expect(notes.map(linesOf)).toEqual([1, 2, 1]);
    expect(notes.map(vouched)).toEqual([true, true, true]);
    expect(shown).toHaveLength(2);
    expect(shown.every((vkey) => vkey.startsWith('contactpoint.local/aggregate+'))).toBe(true);
    expect(readFileSync(files.auditKeys, 'utf8')).toContain(said.split('\n')[0]);
    expect(readFileSync(files.auditKeys, 'utf8').trim().split('\n')).toHaveLength(2);
    expect((await run('retire', 'checkpoint')).code).toBe(65);
  });

  test('rotates a ring of grants so that each key is known before it signs', async () => {
    const ring = join(files.grantKeys, 'health.json');
    const [former] = kids(ring);
    const added = (await run('rotate', 'grants', 'health')).said.split('\n')[0];
    expect(kids(ring)).toEqual([former, added]);
    await run('use', 'grants', 'health');
    expect(kids(ring)).toEqual([added, former]);
    await run('retire', 'grants', 'health');
    expect(kids(ring)).toEqual([added]);
    expect((await run('use', 'grants', 'health')).code).toBe(65);
  });

  test('puts a new key of digests first, and keeps the former one', async () => {
    const [former] = kids(files.digestKey);
    const { said } = await run('rotate', 'digest');
    expect(kids(files.digestKey)).toEqual([said.split('\n')[0], former]);
  });

  test('does not rotate a key again before the former one was retired', async () => {
    const ring = join(files.grantKeys, 'health.json');
    const rotations = [['checkpoint'], ['grants', 'health']] as const;
    for (const words of rotations) expect((await run('rotate', ...words)).code).toBe(0);
    const before = [files.checkpointKey, files.auditKeys, ring].map((file) => readFileSync(file, 'utf8'));
    for (const words of rotations) {
      const { code, said } = await run('rotate', ...words);
      expect(code).toBe(65);
      expect(said).toContain(`retire ${words.join(' ')}`);
    }
    expect([files.checkpointKey, files.auditKeys, ring].map((file) => readFileSync(file, 'utf8'))).toEqual(
      before,
    );
    for (const words of rotations) expect((await run('retire', ...words)).code).toBe(0);
    for (const words of rotations) expect((await run('rotate', ...words)).code).toBe(0);
  });

  test.each([
    ['a word that is none', ['turn']],
    ['no word', []],
    ['a ring that is none', ['rotate', 'passwords']],
    ['no ring', ['rotate']],
    ['a subgraph that is none', ['rotate', 'grants', 'housing']],
    ['no subgraph', ['retire', 'grants']],
    ['a word too many', ['rotate', 'checkpoint', 'twice']],
    ['an option that is none', ['show', '--all']],
  ])('ends with the code of wrong usage for %s', async (_case, words) => {
    const before = readFileSync(files.checkpointKey, 'utf8');
    expect((await run(...words)).code).toBe(64);
    expect(readFileSync(files.checkpointKey, 'utf8')).toBe(before);
  });

  test('leaves private what is private, and says no secret', async () => {
    const said = await Promise.all([run('rotate', 'checkpoint'), run('rotate', 'digest'), run('show')]);
    for (const file of [files.checkpointKey, files.digestKey]) expect(statSync(file).mode & 0o077).toBe(0);
    const { keys } = JSON.parse(readFileSync(files.digestKey, 'utf8')) as { keys: { secret: string }[] };
    for (const { secret } of keys) expect(said.map((one) => one.said).join('')).not.toContain(secret);
    expect(said.map((one) => one.said).join('')).not.toContain('PRIVATE');
  });

  test('without a system says what makes keys', async () => {
    rmSync(data, { recursive: true });
    const { code, said } = await run('rotate', 'checkpoint');
    expect(code).toBe(65);
    expect(said).toContain('npm start makes keys');
    expect(existsSync(data)).toBe(false);
    ensureSecrets(data);
  });
});
