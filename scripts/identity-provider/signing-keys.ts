import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';

/** ECDSA on P-256: every OpenID library verifies it, and its signatures are short. RFC 7518 §3.4 */
export const SIGNING_ALGORITHM = 'ES256';

/** Private keys as RFC 7517 §5 has them. */
export interface SigningKeys {
  readonly keys: readonly JWK[];
}

/**
 * Reads the signing keys, or makes the file at the first start, readable by its owner only: tokens then survive a
 * restart, as they would with a real provider.
 */
export async function loadSigningKeys(file: string): Promise<SigningKeys> {
  return (await readKeys(file)) ?? (await createKeys(file));
}

async function readKeys(file: string): Promise<SigningKeys | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (isCode(cause, 'ENOENT')) return undefined;
    throw cause;
  }
  const stored: unknown = parseJson(text);
  if (typeof stored === 'object' && stored !== null && 'keys' in stored && Array.isArray(stored.keys)) {
    const keys = stored.keys as JWK[];
    if (keys.some(({ alg, d }) => alg === SIGNING_ALGORITHM && typeof d === 'string')) return { keys };
  }
  throw new Error(`${file} holds no private ${SIGNING_ALGORITHM} key; remove it, and a new one is made`);
}

async function createKeys(file: string): Promise<SigningKeys> {
  const { privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true });
  const kid = crypto.randomUUID();
  const made: SigningKeys = {
    keys: [{ ...(await exportJWK(privateKey)), kid, use: 'sig', alg: SIGNING_ALGORITHM }],
  };
  await mkdir(dirname(file), { recursive: true });
  try {
    // `wx`: of two processes that start together one writes, and the other reads what it wrote.
    const handle = await open(file, 'wx', 0o600);
    await handle.writeFile(`${JSON.stringify(made, null, 2)}\n`);
    await handle.close();
    return made;
  } catch (cause) {
    const theirs = isCode(cause, 'EEXIST') ? await readKeys(file) : undefined;
    if (theirs === undefined) throw cause;
    return theirs;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isCode(cause: unknown, code: string): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === code;
}
