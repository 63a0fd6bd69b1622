import type { GrantClaims } from '@contactpoint/access/grant';

/** Practitioner in whose name everything is asked: the persona social-worker. */
export const BENCH_PRACTITIONER = 'p-social-worker';

/** What the grants say that a subgraph of the measurement signs by itself. */
export const BENCH_CALLER: Omit<GrantClaims, 'aud' | 'iat' | 'exp' | 'jti' | 'body' | 'children'> = {
  iss: 'contactpoint.local/bench/0',
  evt: '0'.repeat(64),
  sub: BENCH_PRACTITIONER,
  role: 'social-worker',
  sector: 'SOCIAL_CARE',
  organisation: 'LA-975',
  scopes: [],
  purpose: 'S47',
  override: false,
  policySet: 'bench',
};
