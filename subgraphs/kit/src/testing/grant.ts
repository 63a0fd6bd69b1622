import { randomUUID } from 'node:crypto';
import {
  type GrantClaims,
  type GrantKey,
  operationDigest,
  type SystemGrantClaims,
  signGrant,
  systemDigest,
} from '@contactpoint/access/grant';

/** The keys of tests; no process of ours accepts them. */
export const TEST_KEYS: readonly GrantKey[] = [
  { kid: 'test', secret: new Uint8Array(32).fill(7) },
  { kid: 'test-before', secret: new Uint8Array(32).fill(8) },
];

export type TestGrant = Partial<GrantClaims> & {
  /** Subgraph that the grant is for. */
  readonly aud: string;
  /** Where there is no `body`: the operation whose digest becomes one. */
  readonly query?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
};

/** A signed grant of a social worker of LA-975, good now for 30 seconds, for no child unless `children` names some. */
export async function testGrant(
  keys: readonly GrantKey[],
  { query = '', variables = {}, ...claims }: TestGrant,
): Promise<string> {
  const [key] = keys;
  if (key === undefined) throw new RangeError('a grant needs a key');
  const now = Math.floor(Date.now() / 1000);
  return signGrant(key, {
    iss: 'gateway.test',
    iat: now,
    exp: now + 30,
    jti: randomUUID(),
    evt: '0'.repeat(64),
    sub: 'p-social-worker',
    role: 'social-worker',
    sector: 'SOCIAL_CARE',
    organisation: 'LA-975',
    scopes: [],
    purpose: 'S47',
    override: false,
    policySet: 'test',
    body: operationDigest(query, variables),
    children: {},
    ...claims,
  });
}

/** What the gateway sends to a route of its own: the content under a grant for it, whose claims may be overridden. */
export async function testSystemBody<Content extends object>(
  [key]: readonly GrantKey[],
  aud: string,
  path: string,
  content: Content,
  claims: Partial<Omit<SystemGrantClaims, 'role'>> & { readonly role?: string } = {},
): Promise<Content & { readonly accessGrant: string }> {
  if (key === undefined) throw new RangeError('a grant needs a key');
  const iat = claims.iat ?? Math.floor(Date.now() / 1000);
  const accessGrant = signGrant(key, {
    iss: 'gateway.test',
    aud,
    iat,
    exp: iat + 30,
    jti: randomUUID(),
    evt: '0'.repeat(64),
    sub: 'gateway',
    sector: 'DIRECTORY',
    organisation: 'gateway',
    scopes: [],
    override: false,
    policySet: 'test',
    body: systemDigest(path, content),
    children: {},
    ...claims,
    role: (claims.role ?? 'gateway') as 'gateway',
  });
  return { ...content, accessGrant };
}
