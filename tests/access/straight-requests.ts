import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type GrantClaims, type GrantKey, operationDigest, signGrant } from '@contactpoint/access/grant';
import type { ContractSubgraph } from '@contactpoint/contract/sdl';
import { request } from 'undici';
import type { TestSystem } from '../running-system.ts';

/** A GraphQL operation as the gateway sends it to a subgraph. */
export interface StraightOperation {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

export interface StraightAnswer {
  readonly status: number;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever shape it asked for.
  readonly body: any;
}

/** The key with which the gateway signs for a subgraph: what somebody has who broke into the gateway, or into the agency. */
export function grantKeyOf({ secrets }: TestSystem, subgraph: ContractSubgraph): GrantKey {
  const { keys } = JSON.parse(readFileSync(join(secrets.grantKeys, `${subgraph}.json`), 'utf8')) as {
    keys: [{ kid: string; secret: string }];
  };
  return { kid: keys[0].kid, secret: Buffer.from(keys[0].secret, 'base64url') };
}

/** A sound grant of the general practitioner, for no child unless `children` names some. */
export async function sign(
  key: GrantKey,
  { query, variables = {} }: StraightOperation,
  claims: Partial<GrantClaims>,
): Promise<string> {
  const iat = Math.floor(Date.now() / 1000);
  return signGrant(key, {
    iss: 'contactpoint.local/straight',
    aud: 'health',
    iat,
    exp: iat + 30,
    jti: randomUUID(),
    evt: '0'.repeat(64),
    sub: 'p-general-practitioner',
    role: 'general-practitioner',
    sector: 'HEALTH',
    organisation: 'PRACTICE-Z99001',
    scopes: [],
    purpose: 'DC',
    override: false,
    policySet: 'test',
    body: operationDigest(query, variables),
    children: {},
    ...claims,
  });
}

/** `POST` of anything to a route of a subgraph, past the gateway. */
export async function post(
  { ports }: TestSystem,
  subgraph: ContractSubgraph,
  path: string,
  content: unknown,
): Promise<StraightAnswer> {
  const { statusCode, body } = await request(`http://127.0.0.1:${ports[subgraph]}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(content),
  });
  const text = await body.text();
  return { status: statusCode, text, body: text === '' ? undefined : JSON.parse(text) };
}
