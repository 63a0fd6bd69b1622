import { createHash, createHmac, createSecretKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  eventDigest,
  factsDigest,
  GRANT_LIFETIME,
  type GrantClaims,
  GrantError,
  type GrantKey,
  operationDigest,
  overrideDigest,
  principalDigest,
  signGrant,
  systemDigest,
  usesDigest,
  verifyGrant,
} from './grant.ts';

const NOW = new Date('2026-11-22T10:15:00.500Z');
const SECONDS = Math.floor(NOW.getTime() / 1000);
const key: GrantKey = { kid: 'health-2', secret: Buffer.alloc(32, 2) };
const former: GrantKey = { kid: 'health-1', secret: Buffer.alloc(32, 1) };

const claims: GrantClaims = {
  iss: 'log.example',
  aud: 'health',
  iat: SECONDS,
  exp: SECONDS + GRANT_LIFETIME,
  jti: '7d2f0c50-8bfa-4a09-9d5b-3a1f7b3f1c11',
  evt: 'e'.repeat(64),
  sub: 'p-general-practitioner',
  role: 'general-practitioner',
  sector: 'HEALTH',
  organisation: 'PRACTICE-Z99001',
  scopes: [],
  purpose: 'DC',
  override: false,
  policySet: '0'.repeat(64),
  body: operationDigest('{ a }', {}),
  children: { '1C5GP2RB1C5GP2RB': { SPECIAL: 'FULL' } },
};

interface Check {
  readonly ring?: readonly GrantKey[];
  readonly audience?: string;
  readonly body?: string;
  readonly now?: Date;
}

const verify = (grant: unknown, { ring = [key, former], ...expected }: Check = {}) =>
  verifyGrant(ring, grant, { audience: 'health', body: claims.body, now: NOW, ...expected });

/** A JWS of whatever parts, as somebody with the secret could write it. */
function written(header: object, payload: object, secret: Uint8Array = key.secret): string {
  const signed = [header, payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

describe('a grant', () => {
  test('verifies as what was signed, by any key of the ring, in bytes or as the runtime keeps it', async () => {
    expect(await verify(signGrant(key, claims))).toEqual(claims);
    expect(await verify(signGrant(former, claims))).toEqual(claims);
    const kept = { kid: key.kid, secret: createSecretKey(key.secret) };
    expect(signGrant(kept, claims)).toBe(signGrant(key, claims));
    expect(signGrant(kept, claims)).toBe(written({ alg: 'HS256', kid: key.kid }, claims));
  });

  test.each<[string, () => unknown, Check, RegExp]>([
    ['none at all', () => undefined, {}, /no access grant/],
    ['something else', () => ({ grant: 'a.b.c' }), {}, /no access grant/],
    ['text that is no grant', () => 'a.b.c', {}, /refused: ERR_/],
    ['under a key that is not in the ring', () => signGrant(former, claims), { ring: [key] }, /unknown key/],
    ['under a key’s name only', () => signGrant({ ...former, kid: key.kid }, claims), {}, /SIGNATURE/],
    ['without a key’s name', () => written({ alg: 'HS256' }, claims), {}, /unknown key/],
    ['by another algorithm', () => written({ alg: 'HS512', kid: key.kid }, claims), {}, /refused: ERR_JOSE/],
    ['without a signature', () => written({ alg: 'none', kid: key.kid }, claims), {}, /refused: ERR_JOSE/],
    ['for another agency', () => signGrant(key, claims), { audience: 'education' }, /CLAIM/],
    [
      'for another body',
      () => signGrant(key, claims),
      { body: operationDigest('{ b }', {}) },
      /another body/,
    ],
  ])('does not hold: %s', async (_case, grant, check, message) => {
    await expect(verify(grant(), check)).rejects.toThrow(GrantError);
    await expect(verify(grant(), check)).rejects.toThrow(message);
  });

  test.each(['iss', 'iat', 'exp', 'jti', 'evt', 'sub', 'role', 'body', 'children'] as const)(
    'does not hold without its %s',
    async (name) => {
      const { [name]: _left, ...rest } = claims;
      await expect(verify(signGrant(key, rest as GrantClaims))).rejects.toThrow(GrantError);
    },
  );

  test.each<[string, Partial<GrantClaims>, string | undefined]>([
    ['as soon as it is signed', {}, undefined],
    ['while clocks differ by 5 s at most', { iat: SECONDS - 34, exp: SECONDS - 4 }, undefined],
    ['but not by more', { iat: SECONDS - 36, exp: SECONDS - 6 }, 'ERR_JWT_EXPIRED'],
    ['from a clock that is ahead by 5 s', { iat: SECONDS + 5, exp: SECONDS + 35 }, undefined],
    ['but not by more than that', { iat: SECONDS + 6, exp: SECONDS + 36 }, 'from the future'],
    ['for 30 s', { iat: SECONDS, exp: SECONDS + 30 }, undefined],
    ['and no second longer', { iat: SECONDS, exp: SECONDS + 31 }, 'lives too long'],
  ])('holds %s', async (_case, change, refusal) => {
    const verified = verify(signGrant(key, { ...claims, ...change }));
    if (refusal === undefined) await expect(verified).resolves.toMatchObject(change);
    else await expect(verified).rejects.toThrow(refusal);
  });

  test('from a clock that is ahead by 5 s and no millisecond more', async () => {
    const grant = signGrant(key, { ...claims, iat: SECONDS + 5, exp: SECONDS + 35 });
    await expect(verify(grant, { now: new Date(SECONDS * 1000) })).resolves.toBeDefined();
    await expect(verify(grant, { now: new Date(SECONDS * 1000 - 1) })).rejects.toThrow('from the future');
  });

  test('whose verification fails for another reason is not called refused', async () => {
    const broken = { kid: key.kid, secret: undefined as unknown as Uint8Array };
    await expect(verify(signGrant(key, claims), { ring: [broken] })).rejects.not.toThrow(GrantError);
  });
});

describe('a digest', () => {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

  test('is of JSON, by which its parts are kept apart and their kinds as well', () => {
    const uses = [{ practitionerId: 'p-1', at: '2026-11-22T10:15:00Z' }];
    expect({
      operation: operationDigest('{ a }', { b: [1] }),
      facts: factsDigest({ practitionerId: 'p', organisationId: 'o', children: ['1', '2'] }),
      principal: principalDigest('p'),
      uses: usesDigest(uses),
      override: overrideDigest('1'),
      system: systemDigest('/suspend', { id: 'p' }),
    }).toEqual({
      operation: sha256('["operation","{ a }","{\\"b\\":[1]}"]'),
      facts: sha256('["facts","p","o","1","2"]'),
      principal: sha256('["principal","p"]'),
      uses: sha256('["used","p-1","2026-11-22T10:15:00Z"]'),
      override: sha256('["override","1"]'),
      system: sha256('["system","/suspend","{\\"id\\":\\"p\\"}"]'),
    });
  });

  test('of an event is of "grant" and its nonce', () => {
    const nonce = Uint8Array.from({ length: 16 }, (_, index) => index * 17);
    expect(eventDigest(nonce)).toBe(createHash('sha256').update('grant').update(nonce).digest('hex'));
  });
});
