import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readImportSettings } from './settings.ts';

let data: string;
beforeAll(() => {
  data = mkdtempSync(join(tmpdir(), 'import-settings-'));
});
afterAll(() => rmSync(data, { recursive: true, force: true }));

describe('readImportSettings', () => {
  test('names what is missing where no system was started', () => {
    expect(() => readImportSettings(join(data, 'nowhere'), {})).toThrow(
      /AUDIT_WRITER_DATABASE_URL is not set/,
    );
    const settings = readImportSettings(join(data, 'nowhere'), {
      AUDIT_WRITER_DATABASE_URL: 'postgres://audit',
    });
    expect(() => settings.databaseOf('social-care')).toThrow(/SOCIAL_CARE_DATABASE_URL is not set/);
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
    expect(settings.databaseOf('directory')).toBe('postgres://directory');
    expect(settings.databaseOf('social-care')).toBe('postgres://other');
  });

  test('a run.json of something else is a wrong setting, not a crash', () => {
    writeFileSync(join(data, 'run.json'), '{"databases":7}');
    expect(() => readImportSettings(data, {})).toThrow(expect.objectContaining({ code: 'CONFIGURATION' }));
  });
});
