import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import {
  GRANT_LIFETIME,
  type GrantClaims,
  type SystemGrantClaims,
  signGrant,
} from '@contactpoint/access/grant';
import { readSigningKey } from '../key-ring.ts';

/** What a grant says beyond its own bookkeeping. */
export type GrantContent = Omit<GrantClaims | SystemGrantClaims, 'iss' | 'iat' | 'exp' | 'jti'>;

/** Signs what one subgraph may read; the only holder of the grant secrets in the gateway. */
export interface GrantSigner {
  sign(content: GrantContent, now: Date): { readonly grant: string; readonly jti: string };
}

/**
 * @param subgraphs Every subgraph of the supergraph: one without a key could not be asked anything, so it stops the start.
 * @throws ConfigError naming the setting.
 */
export function createGrantSigner(folder: string, subgraphs: readonly string[], origin: string): GrantSigner {
  const keys = new Map(
    subgraphs.map((name) => [name, readSigningKey('GRANT_KEYS_FOLDER', join(folder, `${name}.json`))]),
  );
  return {
    sign(content, now) {
      const key = keys.get(content.aud);
      if (key === undefined) throw new Error(`no grant key for subgraph "${content.aud}"`);
      const jti = randomUUID();
      const iat = Math.floor(now.getTime() / 1000);
      return {
        grant: signGrant(key, { ...content, iss: origin, iat, exp: iat + GRANT_LIFETIME, jti }),
        jti,
      };
    },
  };
}
