import { readFileSync, statSync } from 'node:fs';
import type { GrantKey } from '@contactpoint/access/grant';
import * as v from 'valibot';
import { SettingError } from './setting-error.ts';

/** Bytes of an HS256 secret at least (RFC 7518 §3.2). */
const SECRET_LENGTH = 32;

const Keys = v.object({
  keys: v.pipe(
    v.array(
      v.object({
        kid: v.pipe(v.string(), v.nonEmpty()),
        secret: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]+$/)),
      }),
    ),
    v.nonEmpty(),
  ),
});

/**
 * Reads `{"keys": [{"kid", "secret"}]}`, secrets in base64url; the first one signs, all verify.
 *
 * @param setting What the path was taken from, for messages.
 * @throws SettingError when the file is not there, can be read by others, or holds no usable keys.
 */
export function readGrantKeys(path: string, setting = 'GRANT_KEYS_FILE'): GrantKey[] {
  const parsed = v.safeParse(Keys, readJson(path, setting));
  if (!parsed.success)
    throw new SettingError(setting, `names ${path}, which does not hold {"keys":[{"kid","secret"}]}`);
  const keys = parsed.output.keys.map(({ kid, secret }) => ({
    kid,
    secret: new Uint8Array(Buffer.from(secret, 'base64url')),
  }));
  if (new Set(keys.map(({ kid }) => kid)).size < keys.length)
    throw new SettingError(setting, `names ${path}, where two keys have the same kid`);
  if (keys.some(({ secret }) => secret.length < SECRET_LENGTH))
    throw new SettingError(setting, `names ${path}, where a secret is shorter than ${SECRET_LENGTH} bytes`);
  return keys;
}

function readJson(path: string, setting: string): unknown {
  try {
    if ((statSync(path).mode & 0o077) !== 0)
      throw new SettingError(setting, `names ${path}, which others may read: its mode must be 0600`);
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    if (cause instanceof SettingError) throw cause;
    // The parser's message would quote the secrets.
    if (cause instanceof SyntaxError) throw new SettingError(setting, `names ${path}, which is not JSON`);
    throw new SettingError(setting, `names ${path}, which cannot be read`, { cause });
  }
}
