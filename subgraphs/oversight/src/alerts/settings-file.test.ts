import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { DEFAULT_ALERT_SETTINGS } from './settings.ts';
import { readAlertSettings } from './settings-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'contactpoint-alert-settings-'));
afterAll(() => rmSync(folder, { recursive: true }));

function read(content: unknown) {
  const file = join(folder, 'settings.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return readAlertSettings(file);
}

describe('readAlertSettings', () => {
  test('has the defaults without a file', () => {
    expect(readAlertSettings(undefined)).toBe(DEFAULT_ALERT_SETTINGS);
    expect(read({})).toEqual(DEFAULT_ALERT_SETTINGS);
  });

  test('changes what it names and nothing else', () => {
    const settings = read({
      famousReaders: 12,
      officeHours: { to: 22 },
      roundTheClock: { organisations: ['TRUST-01'] },
      searchMisses: { mostOf: { teacher: 5 } },
      area: { rolesWithout: [] },
    });
    const { officeHours, roundTheClock, searchMisses, area, ...others } = DEFAULT_ALERT_SETTINGS;
    expect(settings).toEqual({
      ...others,
      famousReaders: 12,
      officeHours: { ...officeHours, to: 22 },
      roundTheClock: { ...roundTheClock, organisations: ['TRUST-01'] },
      searchMisses: { ...searchMisses, mostOf: { ...searchMisses.mostOf, teacher: 5 } },
      area: { ...area, rolesWithout: [] },
    });
  });

  test.each<[string, unknown]>([
    ['no JSON', 'secret'],
    ['a list', []],
    ['a rule that is none', { ownFamily: false }],
    ['a setting that is none', { area: { kilometres: 5 } }],
    ['nought', { volume: { deviations: 0 } }],
    ['a fraction', { intentMinutes: 1.5 }],
    ['too many', { famousReaders: 10_001 }],
    ['no hour', { officeHours: { from: 25 } }],
    ['a word', { famousReaders: 'secret' }],
    ['no name', { roundTheClock: { roles: [''] } }],
  ])('refuses %s, and does not say what was there', (_case, content) => {
    expect(() => read(content)).toThrow(/^ALERT_SETTINGS_FILE (holds|names)/);
    expect(() => read(content)).not.toThrow('secret');
  });

  test('refuses a file that is not there', () => {
    expect(() => readAlertSettings(join(folder, 'none.json'))).toThrow('ALERT_SETTINGS_FILE names a file');
  });
});
