import { createHmac } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { ConfigError } from './config-error.ts';
import { readSigningKey, readVerificationKeys, type SigningKey } from './key-ring.ts';

const folder = mkdtempSync(join(tmpdir(), 'contactpoint-key-ring-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CANARY = 'Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5LWNhbmFyeQ';
const key = { kid: 'k1', secret: CANARY };

function ringOf(content: unknown, mode = 0o600): string {
  const file = join(folder, 'ring.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  chmodSync(file, mode);
  return file;
}

function refusal(file: string): ConfigError {
  try {
    readSigningKey('DIGEST_KEY_FILE', file);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('was taken');
}

describe('readSigningKey', () => {
  test('signs with the first key of the ring', () => {
    const ring = ringOf({ keys: [key, { kid: 'k0', secret: 'b2xk' }] });
    const signing = readSigningKey('DIGEST_KEY_FILE', ring);
    expect(signing.kid).toBe('k1');
    const code = (secret: SigningKey['secret']) => createHmac('sha256', secret).update('text').digest('hex');
    expect(code(signing.secret)).toBe(code(Buffer.from(CANARY, 'base64url')));
  });

  test.each([0o644, 0o640, 0o606, 0o620])('refuses a file of mode %o', (mode) => {
    const error = refusal(ringOf({ keys: [key] }, mode));
    expect(error.message).toMatch(/^DIGEST_KEY_FILE: .* may be read by others$/);
  });

  test.each<[string, unknown]>([
    ['no JSON', `${CANARY}`],
    ['half of it', `{"keys":[{"kid":"k1","secret":"${CANARY}"`],
    ['no ring', [key]],
    ['an empty ring', { keys: [] }],
    ['a key without a name', { keys: [{ secret: CANARY }] }],
    ['a secret that is a list', { keys: [{ kid: 'k1', secret: [CANARY] }] }],
    ['a key too short', { keys: [{ kid: 'k1', secret: CANARY.slice(0, 41) }] }],
  ])('names the setting and nothing of the secret: %s', (_case, content) => {
    const error = refusal(ringOf(content));
    expect(error.message).toMatch(/^DIGEST_KEY_FILE: /);
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain(CANARY.slice(0, 8));
  });

  test('names the setting of a file that is not there', () => {
    expect(refusal(join(folder, 'nowhere.json')).message).toMatch(/^DIGEST_KEY_FILE: /);
  });
});

test('verifies with every key of the ring but those too short', () => {
  const old = { kid: 'k0', secret: 'A'.repeat(43) };
  const ring = ringOf({ keys: [key, old, { kid: 'weak', secret: 'b2xk' }] });
  expect(readVerificationKeys('GRANT_KEYS_FOLDER', ring).map(({ kid }) => kid)).toEqual(['k1', 'k0']);
});
