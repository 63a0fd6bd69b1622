import type { AccessToken, KoaContextWithOIDC, ResourceServer } from 'oidc-provider';
import { SIGNING_ALGORITHM } from './signing-keys.ts';

/** Seconds. */
export const ACCESS_TOKEN_LIFETIME = 600;

/** Authentication methods references of a sign-in with and without a second factor. RFC 8176 §2 */
export const WITH_SECOND_FACTOR = ['pwd', 'mfa'];
export const WITHOUT_SECOND_FACTOR = ['pwd'];

/** What the gateway is to this provider: a resource server that takes JWT access tokens. RFC 9068 */
export function gatewayResource(audience: string): ResourceServer {
  return {
    // None: what a practitioner may do follows from the role that accreditation granted.
    scope: '',
    audience,
    accessTokenFormat: 'jwt',
    accessTokenTTL: ACCESS_TOKEN_LIFETIME,
    jwt: { sign: { alg: SIGNING_ALGORITHM } },
  };
}

/** `amr` and `auth_time` of the sign-in behind a token; a persona token was given its own. RFC 9068 §2.2.1 */
export function claimsOfSignIn(
  { oidc }: KoaContextWithOIDC,
  token: Pick<AccessToken, 'extra'>,
): Record<string, unknown> | undefined {
  const code = oidc.entities.AuthorizationCode;
  return code === undefined ? token.extra : { amr: code.amr, auth_time: code.authTime };
}
