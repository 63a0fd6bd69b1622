import { readFileSync } from 'node:fs';
import { decodeJwt, generateKeyPair, importJWK, type JWTPayload, SignJWT } from 'jose';
import type { TestSystem } from '../running-system.ts';

/** A sound access token of a persona with some of its claims changed, signed anew. */
export interface Forgery {
  readonly claims?: JWTPayload;
  /** `issuer`: with the identity provider's own key; `stranger`: with a key that nobody published, under the same name. */
  readonly by: 'issuer' | 'stranger';
}

export async function forgeToken(
  system: TestSystem,
  persona: string,
  { claims, by }: Forgery,
): Promise<string> {
  const sound = decodeJwt(await system.token(persona));
  const { keys } = JSON.parse(readFileSync(system.secrets.identityProviderKeys, 'utf8')) as {
    keys: [{ kid: string; alg: string }];
  };
  const [issuers] = keys;
  const key = by === 'issuer' ? await importJWK(issuers) : (await generateKeyPair(issuers.alg)).privateKey;
  return await new SignJWT({ ...sound, ...claims })
    .setProtectedHeader({ alg: issuers.alg, kid: issuers.kid, typ: 'at+jwt' })
    .sign(key);
}

/** The same claims under the algorithm `none`, RFC 7519 §6. */
export async function unsignedToken(system: TestSystem, persona: string): Promise<string> {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  return `${encode({ alg: 'none', typ: 'at+jwt' })}.${encode(decodeJwt(await system.token(persona)))}.`;
}
