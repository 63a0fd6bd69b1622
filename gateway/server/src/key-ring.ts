import { createSecretKey, type KeyObject } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import * as v from 'valibot';
import { ConfigError } from './config-error.ts';

/** A secret under the name by which others find it in their own ring. */
export interface SigningKey {
  readonly kid: string;
  /** As the runtime's own key where much is signed with it. */
  readonly secret: Uint8Array | KeyObject;
}

/** The same for whoever verifies. */
export interface VerificationKey extends SigningKey {
  readonly secret: Uint8Array;
}

const KeyRing = v.object({
  keys: v.pipe(v.array(v.object({ kid: v.string(), secret: v.string() })), v.minLength(1)),
});

/** HS256 wants as much entropy in the key as the hash has (RFC 7518 §3.2). */
const SHORTEST = 32;

/**
 * The first key of a ring, `{"keys": [{"kid": "…", "secret": "base64url"}]}`. The others are for whoever verifies, while
 * a rotation is under way.
 *
 * @param setting Name of the setting that led to the file, for the error.
 * @throws ConfigError where the file cannot be read, may be read by others, or holds no sufficient key.
 */
export function readSigningKey(setting: string, file: string): SigningKey {
  const [first] = readKeys(setting, file);
  if (first === undefined || first.secret.length < SHORTEST)
    throw new ConfigError(`${setting}: ${file} holds less than ${SHORTEST} bytes of key`);
  return { kid: first.kid, secret: createSecretKey(first.secret) };
}

/** All keys of a ring that are long enough, for verifying. @throws ConfigError as `readSigningKey`. */
export function readVerificationKeys(setting: string, file: string): readonly VerificationKey[] {
  return readKeys(setting, file).filter(({ secret }) => secret.length >= SHORTEST);
}

function readKeys(setting: string, file: string): readonly VerificationKey[] {
  try {
    if ((statSync(file).mode & 0o077) !== 0)
      throw new ConfigError(`${setting}: ${file} may be read by others`);
    const { keys } = v.parse(KeyRing, JSON.parse(readFileSync(file, 'utf8')));
    return keys.map(({ kid, secret }) => ({ kid, secret: Buffer.from(secret, 'base64url') }));
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    // Without the cause: an error of parsing quotes the text, and the text holds the secret.
    throw new ConfigError(`${setting}: ${file} is not a key ring`);
  }
}
