import { randomBytes } from 'node:crypto';
import { eventDigest, usesDigest } from '@contactpoint/access/grant';
import type { UsesRequest } from '@contactpoint/access/principal';
import type { Logger } from 'pino';
import { request } from 'undici';
import type { GrantSigner } from './grants.ts';
import { systemClaims } from './system-request.ts';

/** Tells accreditation who used the system, so that an account that is in use never falls dormant. */
export interface LastUse {
  note(practitionerId: string, at: Date): void;
  /** Sends what is left. */
  close(): Promise<void>;
}

/** Milliseconds between two reports. Dormancy is counted in days. */
const INTERVAL = 10_000;

export function createLastUse(options: {
  /** Base URL of accreditation. */
  readonly url: string;
  readonly timeout: number;
  readonly grants: GrantSigner;
  readonly policySet: string;
  readonly now: () => Date;
  readonly logger: Logger;
}): LastUse {
  const { grants, logger } = options;
  let uses = new Map<string, string>();

  const report = async (): Promise<void> => {
    if (uses.size === 0) return;
    const reported = uses;
    uses = new Map();
    try {
      await send([...reported].map(([practitionerId, at]) => ({ practitionerId, at })));
    } catch (cause) {
      // Told again with the next report, unless somebody was seen since.
      for (const [practitionerId, at] of reported)
        if (!uses.has(practitionerId)) uses.set(practitionerId, at);
      logger.warn({ type: cause instanceof Error ? cause.name : typeof cause }, 'last use not reported');
    }
  };

  const send = async (sent: UsesRequest['uses']): Promise<void> => {
    const claims = systemClaims({
      aud: 'accreditation',
      evt: eventDigest(randomBytes(16)),
      policySet: options.policySet,
    });
    const { grant } = grants.sign({ ...claims, body: usesDigest(sent) }, options.now());
    const body: UsesRequest = { uses: sent, accessGrant: grant };
    const answer = await request(new URL('/used', options.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(options.timeout),
    });
    await answer.body.dump();
    if (answer.statusCode !== 204) throw new Error(`accreditation answered ${answer.statusCode}`);
  };

  // One after the other: what a report could not tell, the next one has to find.
  let reporting = Promise.resolve();
  const reportNext = () => {
    reporting = reporting.then(report);
    return reporting;
  };
  const timer = setInterval(() => void reportNext(), INTERVAL);
  return {
    note: (practitionerId, at) => void uses.set(practitionerId, at.toISOString()),
    async close() {
      clearInterval(timer);
      await reportNext();
    },
  };
}
