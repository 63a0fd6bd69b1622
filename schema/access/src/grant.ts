import { createHmac, hash, type KeyObject, webcrypto } from 'node:crypto';
import { errors, jwtVerify } from 'jose';
import type { PractitionerUse } from './principal.ts';
import type { PurposeOfUse } from './purpose.ts';
import type { Role } from './role.ts';
import type { Sector } from './sector.ts';
import type { ClassGrant } from './sensitivity.ts';

/**
 * What the gateway lets one fetch read, as the claims of a compact JWS (RFC 7515), HS256. Each subgraph has a secret
 * of its own: whoever steals one can only forge what its agency already holds.
 */
export interface GrantClaims {
  /** Origin of the gateway's audit log. */
  readonly iss: string;
  /** Name of the subgraph. */
  readonly aud: string;
  /** Seconds since the epoch. */
  readonly iat: number;
  /** At most 30 s after `iat`. */
  readonly exp: number;
  /** One per fetch; listed in the access event. */
  readonly jti: string;
  /** Hex SHA-256 of "grant" and the access event's nonce. */
  readonly evt: string;
  /** Practitioner. */
  readonly sub: string;
  /** Mediator who reads on the practitioner's behalf. */
  readonly act?: string;
  readonly role: Role;
  readonly sector: Sector;
  readonly organisation: string;
  readonly scopes: readonly string[];
  /** Absent where the operation touches no subject. */
  readonly purpose?: PurposeOfUse;
  /**
   * Whether break-glass took part in the decision. Only of children that `children` names: a door that decides for
   * itself finds the one it may decide with override there, with nothing granted.
   */
  readonly override: boolean;
  /** Hash of the policy set that decided. */
  readonly policySet: string;
  /** Hex SHA-256 of what is sent with the grant: `operationDigest` and the other digests below. */
  readonly body: string;
  /** Classes granted by ContactPoint number; a child that is not named is not granted anything. */
  readonly children: Readonly<Record<string, ClassGrant>>;
  /**
   * All numbers of each child whom a question to oversight names, by the number that it names; absent from every other
   * grant. It grants nothing: the log knows a child by the number that was used at the time.
   */
  readonly numbers?: Readonly<Record<string, readonly string[]>>;
}

/**
 * What the gateway asks and does on its own behalf: `POST /principals` before it knows who the caller is, and what
 * follows from a review. The role is none that a policy permits anything, so such a grant opens no record.
 */
export type SystemGrantClaims = Omit<GrantClaims, 'role'> & { readonly role: 'gateway' };

/** Lifetime of a grant, seconds. */
export const GRANT_LIFETIME = 30;

/** Clock difference between gateway and agency that a grant survives, seconds. */
const GRANT_SKEW = 5;

/** A shared secret under its name; the first of a ring signs, all of it verify, so that secrets can be rotated. */
export interface GrantKey {
  readonly kid: string;
  readonly secret: Uint8Array;
}

/** The same for whoever signs often: bytes are made a key object of at each signature, which takes 20 µs instead of 3. */
export interface GrantSigningKey {
  readonly kid: string;
  readonly secret: Uint8Array | KeyObject;
}

/**
 * Signs with the runtime's own HMAC instead of a library: WebCrypto hands each signature to another thread and takes
 * some 150 µs of CPU for it, this some 5 µs, and a joined view needs four (`npm run bench -- access`). What verifies is
 * a library, so a slip here would be refused everywhere.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-7.1
 */
export function signGrant(key: GrantSigningKey, claims: GrantClaims | SystemGrantClaims): string {
  let header = headers.get(key);
  if (header === undefined) {
    header = encode({ alg: 'HS256', kid: key.kid });
    headers.set(key, header);
  }
  const signed = `${header}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', key.secret).update(signed).digest('base64url')}`;
}

/** Encoded, by the key that they name. */
const headers = new WeakMap<GrantSigningKey, string>();

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

/** Why a grant does not hold; never what was asked for. */
export class GrantError extends Error {
  override readonly name = 'GrantError';
}

/**
 * @param expected The subgraph itself, the digest of what came with the grant, and the time.
 * @throws GrantError when the grant is absent, forged, expired, too long, for another subgraph or another body.
 */
export async function verifyGrant(
  ring: readonly GrantKey[],
  grant: unknown,
  expected: { readonly audience: string; readonly body: string; readonly now: Date },
): Promise<GrantClaims> {
  if (typeof grant !== 'string') throw new GrantError('no access grant');
  try {
    const { payload } = await jwtVerify<GrantClaims>(
      grant,
      (header) => {
        const key = ring.find(({ kid }) => kid === header.kid);
        if (key === undefined) throw new GrantError('access grant under an unknown key');
        return verificationKey(key);
      },
      {
        algorithms: ['HS256'],
        audience: expected.audience,
        currentDate: expected.now,
        clockTolerance: GRANT_SKEW,
        requiredClaims: ['iss', 'iat', 'exp', 'jti', 'evt', 'sub', 'role', 'body', 'children'],
      },
    );
    if (payload.exp - payload.iat > GRANT_LIFETIME) throw new GrantError('access grant lives too long');
    if (payload.iat > expected.now.getTime() / 1000 + GRANT_SKEW)
      throw new GrantError('access grant from the future');
    if (payload.body !== expected.body) throw new GrantError('access grant for another body');
    return payload;
  } catch (cause) {
    if (cause instanceof GrantError) throw cause;
    if (cause instanceof errors.JOSEError) throw new GrantError(`access grant refused: ${cause.code}`);
    throw cause;
  }
}

/** Imported once: from bytes the library imports them again for each grant, half of what verifying costs. */
function verificationKey(key: GrantKey): Promise<webcrypto.CryptoKey> {
  let imported = verificationKeys.get(key);
  if (imported === undefined) {
    const algorithm = { name: 'HMAC', hash: 'SHA-256' };
    imported = webcrypto.subtle.importKey('raw', Uint8Array.from(key.secret), algorithm, false, ['verify']);
    verificationKeys.set(key, imported);
  }
  return imported;
}

const verificationKeys = new WeakMap<GrantKey, Promise<webcrypto.CryptoKey>>();

/** Digest of a GraphQL request: the query text and its variables exactly as they are sent. */
export function operationDigest(query: string, variables: Readonly<Record<string, unknown>>): string {
  return digest(['operation', query, JSON.stringify(variables)]);
}

export function factsDigest(request: {
  readonly practitionerId: string;
  readonly organisationId: string;
  readonly children: readonly string[];
}): string {
  return digest(['facts', request.practitionerId, request.organisationId, ...request.children]);
}

export function principalDigest(practitionerId: string): string {
  return digest(['principal', practitionerId]);
}

/** Digest of `POST /used`: last uses in the order in which they are sent. */
export function usesDigest(uses: readonly PractitionerUse[]): string {
  return digest(['used', ...uses.flatMap(({ practitionerId, at }) => [practitionerId, at])]);
}

/** Digest of `POST /overrides`: the one child that break-glass is asked for. */
export function overrideDigest(childId: string): string {
  return digest(['override', childId]);
}

/**
 * Digest of what the gateway says on its own behalf: path of the route, and the body as it is sent but for its
 * `accessGrant`.
 */
export function systemDigest(path: string, content: object): string {
  return digest(['system', path, JSON.stringify(content)]);
}

const EVENT_PREFIX = Buffer.from('grant');

/** `evt` of the grants under one access event: it names the event without giving its nonce away. */
export function eventDigest(nonce: Uint8Array): string {
  const named = Buffer.allocUnsafe(EVENT_PREFIX.length + nonce.length);
  named.set(EVENT_PREFIX);
  named.set(nonce, EVENT_PREFIX.length);
  return hash('sha256', named, 'hex');
}

/** JSON keeps the parts apart: plain concatenation would let one part's end pass for the next one's start. */
function digest(parts: readonly string[]): string {
  return hash('sha256', JSON.stringify(parts), 'hex');
}
