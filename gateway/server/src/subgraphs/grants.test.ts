import { GRANT_LIFETIME, verifyGrant } from '@contactpoint/access/grant';
import { afterAll, expect, test } from 'vitest';
import { ConfigError } from '../config-error.ts';
import { writeGrantKeys } from '../testing/grant-keys.ts';
import { callerOf, JOINED, NOW } from '../testing/personas.ts';
import { createGrantSigner } from './grants.ts';

const { folder, keys, remove } = writeGrantKeys(['health', 'education']);
afterAll(remove);

const content = {
  ...callerOf('social-worker', 'S47'),
  aud: 'health',
  body: 'b'.repeat(64),
  children: { [JOINED]: { SPECIAL: 'MINIMAL' } },
} as const;
const expected = { audience: 'health', body: content.body, now: NOW };

test('a grant holds for its own subgraph, under the key of that subgraph alone', async () => {
  const { sign } = createGrantSigner(folder, ['health', 'education'], 'log.example');
  const { grant, jti } = sign(content, NOW);
  const [health, education] = ['health', 'education'].map(
    (name) => keys.get(name) ?? { kid: '', secret: new Uint8Array() },
  );
  const claims = await verifyGrant(health ? [health] : [], grant, expected);
  const iat = NOW.getTime() / 1_000;
  expect(claims).toMatchObject({ ...content, iss: 'log.example', iat, exp: iat + GRANT_LIFETIME, jti });
  await expect(verifyGrant(education ? [education] : [], grant, expected)).rejects.toThrow('unknown key');
});

test('no two grants share their name', () => {
  const { sign } = createGrantSigner(folder, ['health'], 'log.example');
  const signed = Array.from({ length: 10 }, () => sign(content, NOW));
  expect(new Set(signed.map(({ jti }) => jti)).size).toBe(10);
});

test('a subgraph without a key stops the start, by the name of the setting', () => {
  expect(() => createGrantSigner(folder, ['health', 'social-care'], 'log.example')).toThrow(ConfigError);
  expect(() => createGrantSigner(folder, ['social-care'], 'log.example')).toThrow('GRANT_KEYS_FOLDER');
});

test('nothing is signed for a subgraph that nobody knows', () => {
  const { sign } = createGrantSigner(folder, ['health'], 'log.example');
  expect(() => sign({ ...content, aud: 'constructor' }, NOW)).toThrow('constructor');
});
