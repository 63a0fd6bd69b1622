import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROLES } from '@contactpoint/access/role';
import { afterAll, describe, expect, test } from 'vitest';
import { ConfigError } from '../config-error.ts';
import { DEFAULT_LIMITS, LIMIT_NAMES } from './limits.ts';
import { readBrowseLimits } from './limits-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'contactpoint-limits-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(text: string): string {
  const file = join(folder, 'limits.json');
  writeFileSync(file, text);
  return file;
}

describe('the limits of a deployment', () => {
  test('are a whole number for every role and limit, without a file too', () => {
    for (const role of ROLES) {
      for (const name of LIMIT_NAMES)
        expect(DEFAULT_LIMITS[role][name]).toSatisfy((limit) => Number.isInteger(limit) && limit > 0);
    }
    expect(readBrowseLimits(undefined)).toEqual(DEFAULT_LIMITS);
  });

  test('are the defaults but for what the file names, upwards or downwards', () => {
    const limits = readBrowseLimits(
      fileOf('{"teacher":{"recordsPerHour":1},"social-worker":{"missesPerHour":10000}}'),
    );
    expect(limits).toEqual({
      ...DEFAULT_LIMITS,
      teacher: { ...DEFAULT_LIMITS.teacher, recordsPerHour: 1 },
      'social-worker': { ...DEFAULT_LIMITS['social-worker'], missesPerHour: 10_000 },
    });
  });

  test.each([
    ['none', '{"teacher":{"recordsPerHour":0}}'],
    ['below none', '{"teacher":{"recordsPerHour":-1}}'],
    ['no whole number', '{"teacher":{"recordsPerHour":1.5}}'],
    ['infinite', '{"teacher":{"recordsPerHour":1e999}}'],
    ['as good as infinite', '{"teacher":{"recordsPerHour":10001}}'],
    ['null', '{"teacher":{"recordsPerHour":null}}'],
    ['text', '{"teacher":{"recordsPerHour":"canary"}}'],
    ['of another name', '{"teacher":{"canary":5}}'],
    ['of a role that is none', '{"canary":{"recordsPerHour":5}}'],
    ['of an inherited name', '{"constructor":{"recordsPerHour":5}}'],
    ['false for a role', '{"teacher":false}'],
    ['no object', '"canary"'],
    ['no JSON', 'canary'],
    ['empty', ''],
  ])('are refused when one is %s', (_case, text) => {
    expect(() => readBrowseLimits(fileOf(text))).toThrow(ConfigError);
    expect(() => readBrowseLimits(fileOf(text))).toThrow(/^BROWSE_LIMITS_FILE /);
  });

  test('are refused when the file is not there', () => {
    expect(() => readBrowseLimits(join(folder, 'nowhere'))).toThrow(/^BROWSE_LIMITS_FILE names a file/);
  });
});
