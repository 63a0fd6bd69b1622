import { request } from 'undici';
import * as v from 'valibot';
import { ConfigError } from './config-error.ts';

const Discovery = v.object({ issuer: v.string(), jwks_uri: v.pipe(v.string(), v.url()) });

/**
 * Where an OpenID provider keeps its keys.
 *
 * @throws ConfigError when the provider does not answer, or answers for another issuer.
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html
 */
export async function jwksUrlOf(issuer: string): Promise<string> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  try {
    const { statusCode, body } = await request(url, { signal: AbortSignal.timeout(5_000) });
    const document = v.parse(Discovery, JSON.parse(await body.text()));
    if (statusCode === 200 && document.issuer === issuer) return document.jwks_uri;
  } catch (cause) {
    throw new ConfigError('OIDC_ISSUER has no discovery document that can be read', { cause });
  }
  throw new ConfigError('OIDC_ISSUER is not what the discovery document calls itself');
}
