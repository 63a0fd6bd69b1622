import { createPrivateKey } from 'node:crypto';
import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readNote } from '@contactpoint/audit-log/note-format';
import { ed25519Signer, verifiedBy, verifierOf } from '@contactpoint/audit-log/signed-note';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newKeyPem } from './testing/signing-bench.ts';
import { watchCheckpointKeys } from './watched-keys.ts';

const ORIGIN = 'test.example/gateway-1/20261122T101500Z-4f2a';
const HEAD = { origin: ORIGIN, size: 1n, root: new Uint8Array(32) };

let folder: string;
let file: string;
let publicFile: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'contactpoint-keys-'));
  file = join(folder, 'key.pem');
  publicFile = join(folder, 'audit-keys.txt');
  writeFileSync(publicFile, '');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function replace(...pems: string[]): void {
  writeFileSync(`${file}.new`, pems.join(''), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

const vkeyOf = (pem: string, name = ORIGIN) => ed25519Signer(name, createPrivateKey(pem)).verifierKey;
const isSignedBy = (note: string, pem: string) =>
  verifiedBy(readNote(note), [verifierOf(vkeyOf(pem))]).includes(ORIGIN);

describe('keys in a file', () => {
  test('that rotates sign together, then the newest alone, without a restart', () => {
    const [former, next] = [newKeyPem(), newKeyPem()];
    replace(former);
    const keys = watchCheckpointKeys(file, publicFile, pino({ level: 'silent' }));
    const signers = () => {
      const { note } = keys().sign(HEAD);
      return [former, next].map((pem) => isSignedBy(note, pem));
    };
    expect(signers()).toEqual([true, false]);
    replace(next, former);
    expect(signers()).toEqual([true, true]);
    replace(next);
    expect(signers()).toEqual([false, true]);
  });

  test('that was retired still vouches for what it signed, as long as it stands among the public ones', () => {
    const [former, next] = [newKeyPem(), newKeyPem()];
    replace(former);
    const keys = watchCheckpointKeys(file, publicFile, pino({ level: 'silent' }));
    const { note } = keys().sign(HEAD);
    replace(next);
    expect(keys().vouchFor(ORIGIN, note)).toBe(false);
    writeFileSync(publicFile, `${vkeyOf(former, 'test.example')}\n${vkeyOf(next, 'test.example')}\n`);
    expect(keys().vouchFor(ORIGIN, note)).toBe(true);
    expect(keys().vouchFor('test.example/another', note)).toBe(false);
  });

  test('that cannot be read any more changes nothing, and is reported once', () => {
    const pem = newKeyPem();
    replace(pem);
    let said = '';
    const write = (line: string) => {
      said += line;
    };
    const keys = watchCheckpointKeys(file, publicFile, pino({}, { write }));
    replace('secret-word');
    for (let round = 0; round < 3; round++) expect(isSignedBy(keys().sign(HEAD).note, pem)).toBe(true);
    chmodSync(file, 0o644);
    expect(isSignedBy(keys().sign(HEAD).note, pem)).toBe(true);
    rmSync(file);
    expect(isSignedBy(keys().sign(HEAD).note, pem)).toBe(true);
    expect(said.match(/not read again/g)).toHaveLength(3);
    expect(said).not.toContain('secret-word');
  });
});
