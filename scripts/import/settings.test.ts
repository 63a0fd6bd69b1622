import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ed25519Signer } from '@contactpoint/audit-log/signed-note';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readImportSettings } from './settings.ts';

let data: string;
let keysFile: string;
beforeAll(() => {
  data = mkdtempSync(join(tmpdir(), 'import-settings-'));
  keysFile = join(data, 'audit-keys.txt');
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(keysFile, `${ed25519Signer('contactpoint.local', privateKey).verifierKey}\n`);
});
afterAll(() => rmSync(data, { recursive: true, force: true }));

describe('readImportSettings', () => {
  test('names what is missing where no system was started', () => {
    expect(() => readImportSettings(join(data, 'nowhere'), {})).toThrow(
      /AUDIT_WRITER_DATABASE_URL is not set/,
    );
    const settings = readImportSettings(join(data, 'nowhere'), {
      AUDIT_WRITER_DATABASE_URL: 'postgres://audit',
      AUDIT_KEYS_FILE: keysFile,
    });
    expect(() => settings.databaseOf('social-care')).toThrow(/SOCIAL_CARE_DATABASE_URL is not set/);
  });

  test('without keys of checkpoints it is a wrong setting: nothing would be put on record', () => {
    const environment = { AUDIT_WRITER_DATABASE_URL: 'postgres://audit' };
    expect(() => readImportSettings(join(data, 'nowhere'), environment)).toThrow(
      expect.objectContaining({ code: 'CONFIGURATION', message: expect.stringContaining('AUDIT_KEYS_FILE') }),
    );
  });

  test('the environment goes before what the started system left', () => {
    writeFileSync(
      join(data, 'run.json'),
      JSON.stringify({
        pid: 1,
        deployment: 'contactpoint.local',
        urls: { gateway: '', identityProvider: '', signer: '' },
        databases: { directory: 'postgres://directory', 'social-care': 'postgres://care' },
        audit: { writerUrl: 'postgres://writer', readerUrl: '', signerUrl: '', retentionUrl: '' },
      }),
    );
    const settings = readImportSettings(data, { SOCIAL_CARE_DATABASE_URL: 'postgres://other' });
    expect(settings.auditUrl).toBe('postgres://writer');
    expect(settings.keys().verifiersOf('contactpoint.local/import/1')).toHaveLength(1);
    expect(settings.databaseOf('directory')).toBe('postgres://directory');
    expect(settings.databaseOf('social-care')).toBe('postgres://other');
  });

  test('a run.json of something else is a wrong setting, not a crash', () => {
    writeFileSync(join(data, 'run.json'), '{"databases":7}');
    expect(() => readImportSettings(data, {})).toThrow(expect.objectContaining({ code: 'CONFIGURATION' }));
  });
});
