import { createHash } from 'node:crypto';
import { AccessError } from '@contactpoint/access/access-error';
import { unmetRequirement } from '@contactpoint/access/accreditation';
import type { Principal } from '@contactpoint/access/principal';
import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Principals } from '../subgraphs/principals.ts';

/**
 * Reads access tokens of one issuer. They say that they are some: an ID token is signed with the same keys, and where
 * audience and client have one name it differs in nothing else.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-4
 */
export interface TokenVerifier {
  /** @throws AccessError UNAUTHENTICATED; never says what was wrong with a signature. */
  verify(authorization: string | undefined, now: Date): Promise<VerifiedToken>;
}

export interface VerifiedToken {
  /** `sub`: the practitioner. */
  readonly practitionerId: string;
  /** `client_id`: the application. */
  readonly clientId: string | undefined;
  /** `exp`. */
  readonly expiresAt: Date;
}

/** Longest time a verified token is believed without verifying it again, milliseconds; its `exp` is checked each time. */
const BELIEVED_FOR = 60_000;

export function createTokenVerifier(options: {
  readonly issuer: string;
  readonly audience: string;
  readonly keys: JWTVerifyGetKey;
  /** Monotonic clock, milliseconds. */
  readonly monotonic: () => number;
}): TokenVerifier {
  const verified = new LRUCache<string, { readonly payload: JWTPayload; readonly at: number }>({
    max: 10_000,
  });

  const payloadOf = async (token: string, now: Date): Promise<JWTPayload> => {
    const hash = createHash('sha256').update(token).digest('base64');
    const known = verified.get(hash);
    if (known !== undefined && options.monotonic() - known.at < BELIEVED_FOR) return known.payload;
    const { payload } = await jwtVerify(token, options.keys, {
      issuer: options.issuer,
      audience: options.audience,
      typ: 'at+jwt',
      algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'],
      requiredClaims: ['sub', 'exp'],
      currentDate: now,
    });
    verified.set(hash, { payload, at: options.monotonic() });
    return payload;
  };

  return {
    async verify(authorization, now) {
      const token = /^Bearer +([\w~+/.-]+=*)$/i.exec(authorization ?? '')?.[1];
      if (token === undefined) throw new AccessError('UNAUTHENTICATED', 'Sign in: no access token was given');
      const payload = await payloadOf(token, now).catch((cause: unknown) => {
        throw refusalOf(cause);
      });
      const expiresAt = new Date((payload.exp ?? 0) * 1000);
      if (expiresAt <= now) throw sessionEnded();
      if (!Array.isArray(payload['amr']) || !payload['amr'].includes('mfa')) {
        throw new AccessError('UNAUTHENTICATED', 'Sign in with a second factor');
      }
      if (typeof payload.sub !== 'string' || payload.sub === '')
        throw new AccessError('UNAUTHENTICATED', 'The access token names nobody');
      const clientId = payload['client_id'];
      return {
        practitionerId: payload.sub,
        clientId: typeof clientId === 'string' ? clientId.slice(0, 100) : undefined,
        expiresAt,
      };
    },
  };
}

export function sessionEnded(): AccessError {
  return new AccessError('UNAUTHENTICATED', 'The session has ended: sign in again');
}

/** A provider whose keys are out of reach is our failure, not the caller's: nobody is told that their token is bad. */
function refusalOf(cause: unknown): AccessError {
  // An answer that is not 200, or not JSON, is a JOSEError without a code of its own.
  const unreachable =
    !(cause instanceof errors.JOSEError) ||
    cause instanceof errors.JWKSTimeout ||
    cause instanceof errors.JWKSInvalid ||
    cause.code === errors.JOSEError.code;
  if (unreachable)
    return new AccessError('ACCESS_UNDECIDED', 'The identity provider cannot be reached', { cause });
  return new AccessError('UNAUTHENTICATED', 'The access token is not valid', { cause });
}

/**
 * Authenticate step, second half: who the practitioner is to accreditation now. A token that was valid a second ago
 * gives no access once its account is suspended.
 *
 * @param onQuestion Told the `jti` of the question, where one is asked.
 * @throws AccessError UNAUTHENTICATED for an account accreditation does not know, ACCREDITATION_LAPSED with the
 *   requirement, ACCESS_UNDECIDED when accreditation is out of reach.
 */
export async function authenticate(
  principals: Principals,
  token: VerifiedToken,
  evt: string,
  now: Date,
  onQuestion: (jti: string) => void,
): Promise<{ readonly principal: Principal; readonly lapsed: AccessError | undefined }> {
  const principal = await principals.find(token.practitionerId, evt, onQuestion).catch((cause: unknown) => {
    throw new AccessError('ACCESS_UNDECIDED', 'Accreditation cannot be reached', { cause });
  });
  if (principal === null)
    throw new AccessError('UNAUTHENTICATED', 'Accreditation does not know this account');
  const requirement = unmetRequirement(principal, now);
  const lapsed =
    requirement === undefined
      ? undefined
      : new AccessError('ACCREDITATION_LAPSED', 'The account does not meet a requirement of use', {
          extensions: { requirement },
        });
  return { principal, lapsed };
}
