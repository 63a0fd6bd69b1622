import { AccessError } from '@contactpoint/access/access-error';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWTPayload,
  type JWTVerifyGetKey,
  SignJWT,
  UnsecuredJWT,
} from 'jose';
import { describe, expect, test } from 'vitest';
import type { Principals } from '../subgraphs/principals.ts';
import { NOW, principalOf } from '../testing/personas.ts';
import { authenticate, createTokenVerifier } from './authenticate.ts';

const ISSUER = 'https://id.example';
const AUDIENCE = 'https://contactpoint.example';
const SECOND = 1_000;
const now = NOW.getTime() / SECOND;

const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
const stranger = await generateKeyPair('ES256');
const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' }] });
const claims: JWTPayload = {
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'p-social-worker',
  exp: now + 300,
  amr: ['pwd', 'mfa'],
  client_id: 'front-end',
};

function tokenOf(change: Readonly<Record<string, unknown>> = {}, key = privateKey): Promise<string> {
  return typedToken('at+jwt', change, key);
}

function typedToken(
  typ: string | undefined,
  change: Readonly<Record<string, unknown>> = {},
  key = privateKey,
): Promise<string> {
  const header = { alg: 'ES256', kid: 'k1', ...(typ === undefined ? {} : { typ }) };
  return new SignJWT({ ...claims, ...change }).setProtectedHeader(header).sign(key);
}

function verifierOf(key: JWTVerifyGetKey = keys, monotonic = () => 0) {
  return createTokenVerifier({ issuer: ISSUER, audience: AUDIENCE, keys: key, monotonic });
}

/** Code and message of a refusal, after looking that nothing of the token is in it. */
async function refusal(token: string, verifier = verifierOf(), at = NOW): Promise<string> {
  try {
    await verifier.verify(`Bearer ${token}`, at);
  } catch (error) {
    if (!(error instanceof AccessError)) throw error;
    const said = JSON.stringify([error.message, error.extensions]);
    for (const part of token.split('.')) if (part !== '') expect(said).not.toContain(part);
    return error.code;
  }
  return 'taken';
}

describe('createTokenVerifier', () => {
  test('says who the practitioner is, and by which application', async () => {
    const token = await tokenOf();
    const taken = {
      practitionerId: 'p-social-worker',
      clientId: 'front-end',
      expiresAt: new Date(NOW.getTime() + 300_000),
    };
    expect(await verifierOf().verify(`Bearer ${token}`, NOW)).toEqual(taken);
    expect(await verifierOf().verify(`bearer  ${token}`, NOW)).toEqual(taken);
  });

  test.each<[string, string | undefined]>([
    ['nothing', undefined],
    ['an empty header', ''],
    ['a scheme without a token', 'Bearer '],
    ['another scheme', 'Basic dTpw'],
    ['two tokens', 'Bearer a.b.c Bearer a.b.c'],
    ['what is no token', 'Bearer a'],
    ['what is no token either', 'Bearer a.b.c'],
  ])('refuses %s', async (_case, header) => {
    await expect(verifierOf().verify(header, NOW)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      status: 401,
    });
  });

  test.each<[string, Record<string, unknown>]>([
    ['expired', { exp: now - 1 }],
    ['expired this second', { exp: now }],
    ['without an end', { exp: undefined }],
    ['not valid yet', { nbf: now + 60 }],
    ['for another audience', { aud: 'https://other.example' }],
    ['for no audience', { aud: undefined }],
    ['of another issuer', { iss: 'https://evil.example' }],
    ['of the issuer, but for a slash', { iss: `${ISSUER}/` }],
    ['for nobody', { sub: undefined }],
    ['for a practitioner without a name', { sub: '' }],
    ['for a practitioner who is a number', { sub: 42 }],
    ['signed in without a second factor', { amr: ['pwd'] }],
    ['without a word on factors', { amr: undefined }],
    ['with factors in one string', { amr: 'mfa' }],
    ['with a factor that holds the word', { amr: ['no-mfa'] }],
  ])('refuses a token that is %s', async (_case, change) => {
    expect(await refusal(await tokenOf(change))).toBe('UNAUTHENTICATED');
  });

  test.each([
    ['an ID token', 'JWT', 'UNAUTHENTICATED'],
    ['a token that does not say what it is', undefined, 'UNAUTHENTICATED'],
    ['a token for signing out', 'logout+jwt', 'UNAUTHENTICATED'],
    ['an access token by its whole media type', 'application/at+jwt', 'taken'],
  ])('of what the issuer signs, takes access tokens alone: %s', async (_case, typ, expected) => {
    expect(await refusal(await typedToken(typ))).toBe(expected);
  });

  test('refuses a token without a signature', async () => {
    expect(await refusal(new UnsecuredJWT(claims).encode())).toBe('UNAUTHENTICATED');
  });

  test('refuses the public key used as a shared secret', async () => {
    const secret = new TextEncoder().encode(await exportSPKI(publicKey));
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'k1', typ: 'at+jwt' })
      .sign(secret);
    expect(await refusal(token)).toBe('UNAUTHENTICATED');
    expect(
      await refusal(
        token,
        verifierOf(async () => secret as never),
      ),
    ).toBe('UNAUTHENTICATED');
  });

  test('refuses the signature of somebody else', async () => {
    expect(await refusal(await tokenOf({}, stranger.privateKey))).toBe('UNAUTHENTICATED');
  });

  test('refuses claims that were changed after signing', async () => {
    const [header, , signature] = (await tokenOf()).split('.');
    const [, changed] = (await tokenOf({ sub: 'p-auditor' }, stranger.privateKey)).split('.');
    expect(await refusal([header, changed, signature].join('.'))).toBe('UNAUTHENTICATED');
  });

  test('does not verify a token twice within a minute, and not at all after its end', async () => {
    let looked = 0;
    let clock = 0;
    const counting: JWTVerifyGetKey = (header, token) => {
      looked++;
      return keys(header, token);
    };
    const verifier = verifierOf(counting, () => clock);
    const token = await tokenOf({ exp: now + 30 });
    expect(await refusal(token, verifier)).toBe('taken');
    expect(await refusal(token, verifier)).toBe('taken');
    expect(looked).toBe(1);

    expect(await refusal(token, verifier, new Date(NOW.getTime() + 30 * SECOND))).toBe('UNAUTHENTICATED');
    clock = 60_000;
    expect(await refusal(token, verifier)).toBe('taken');
    expect(looked).toBe(2);
  });

  test('a token that was refused is looked at again', async () => {
    const verifier = verifierOf();
    const token = await tokenOf({ amr: ['pwd'] });
    expect(await refusal(token, verifier)).toBe('UNAUTHENTICATED');
    expect(await refusal(token, verifier)).toBe('UNAUTHENTICATED');
  });

  test.each<[string, () => Promise<Response>]>([
    ['refuses the connection', () => Promise.reject(new TypeError('fetch failed'))],
    ['is too slow', () => Promise.reject(new DOMException('too slow', 'TimeoutError'))],
    ['is down behind its proxy', async () => new Response('<html>', { status: 502 })],
    ['answers something else', async () => new Response('<html>')],
    ['has no keys in its answer', async () => Response.json({ keys: 'none' })],
  ])('blames nobody’s token when the provider %s', async (_case, answer) => {
    const remote = createRemoteJWKSet(new URL(`${ISSUER}/jwks`), { [customFetch]: answer });
    expect(await refusal(await tokenOf(), verifierOf(remote))).toBe('ACCESS_UNDECIDED');
  });
});

describe('authenticate', () => {
  const token = { practitionerId: 'p-social-worker', clientId: undefined, expiresAt: NOW };
  const ask = (find: Principals['find'], jtis: string[] = []) =>
    authenticate({ find, forget: () => {}, close: async () => {} }, token, 'evt', NOW, (jti) =>
      jtis.push(jti),
    );

  test('gives the principal and the question that was asked', async () => {
    const principal = principalOf('social-worker');
    const jtis: string[] = [];
    const found = await ask(async (practitionerId, evt, onQuestion) => {
      expect([practitionerId, evt]).toEqual(['p-social-worker', 'evt']);
      onQuestion('j1');
      return principal;
    }, jtis);
    expect(found).toEqual({ principal, lapsed: undefined });
    expect(jtis).toEqual(['j1']);
  });

  test('names the requirement that is not met', async () => {
    const principal = { ...principalOf('social-worker'), trainingPassedOn: '2024-01-01' };
    const { lapsed } = await ask(async () => principal);
    expect(lapsed).toMatchObject({
      code: 'ACCREDITATION_LAPSED',
      status: 403,
      extensions: { requirement: 'TRAINING' },
    });
  });

  test('refuses whom accreditation does not know', async () => {
    await expect(ask(async () => null)).rejects.toMatchObject({ code: 'UNAUTHENTICATED', status: 401 });
  });

  test('decides nothing while accreditation is out of reach', async () => {
    await expect(ask(async () => Promise.reject(new Error('down')))).rejects.toMatchObject({
      code: 'ACCESS_UNDECIDED',
      status: 503,
    });
  });
});
