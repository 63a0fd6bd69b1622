import { systemDigest } from '@contactpoint/access/grant';
import { request } from 'undici';
import { boundedAnswers } from './bounded-answers.ts';
import type { GrantContent, GrantSigner } from './grants.ts';

/** What the gateway says to a subgraph on its own behalf, on a route beside the graph. */
export interface SystemRequests {
  /**
   * @param route Of a subgraph: `{ aud: 'oversight', url: base URL, path: '/override-reviews/owed' }`.
   * @param evt Digest of the access event under which it is said.
   * @param onGrant Told the `jti` before it is sent.
   * @returns The body of a 200, undefined for a 204.
   * @throws Error for any other answer, and for one that is too long.
   */
  send(
    route: { readonly aud: string; readonly url: string; readonly path: string },
    content: object,
    evt: string,
    onGrant?: (jti: string) => void,
  ): Promise<unknown>;
}

export interface SystemRequestOptions {
  /** Milliseconds. */
  readonly timeout: number;
  readonly grants: GrantSigner;
  readonly policySet: string;
  readonly now: () => Date;
}

export function createSystemRequests(options: SystemRequestOptions): SystemRequests {
  return {
    async send({ aud, url, path }, content, evt, onGrant) {
      const claims = systemClaims({ aud, evt, policySet: options.policySet });
      const body = systemDigest(path, content);
      const { grant, jti } = options.grants.sign({ ...claims, body }, options.now());
      onGrant?.(jti);
      const answer = await request(new URL(path, url), {
        dispatcher: boundedAnswers,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...content, accessGrant: grant }),
        signal: AbortSignal.timeout(options.timeout),
      });
      if (answer.statusCode === 200) return await answer.body.json();
      await answer.body.dump();
      if (answer.statusCode !== 204) throw new Error(`${aud} answered ${answer.statusCode} to ${path}`);
      return undefined;
    },
  };
}

/** Claims of the gateway's own grants; they open no record. */
export function systemClaims(claims: {
  readonly aud: string;
  readonly evt: string;
  readonly policySet: string;
  readonly scopes?: readonly string[];
}): Omit<GrantContent, 'body'> {
  return {
    sub: 'gateway',
    role: 'gateway',
    sector: 'DIRECTORY',
    organisation: 'gateway',
    scopes: [],
    override: false,
    children: {},
    ...claims,
  };
}
