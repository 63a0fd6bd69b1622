import { createHash, randomBytes } from 'node:crypto';
import { eventDigest, operationDigest } from '@contactpoint/access/grant';
import type { AccessEvent } from '@contactpoint/audit-log/access-event';
import type { AuditLog } from '@contactpoint/audit-log/audit-log';
import { request } from 'undici';
import * as v from 'valibot';
import { audit, digestVariables } from '../pipeline/audit.ts';
import type { OwedEvents } from '../pipeline/owed-events.ts';
import type { EventContext } from '../pipeline/trail.ts';
import { boundedAnswers } from './bounded-answers.ts';
import { type SystemRequestOptions, systemClaims } from './system-request.ts';

/**
 * Suspends an account on the gateway's own account, through accreditation's mutation. On record as every mutation is: as
 * intent before it runs, as outcome before it counts, with practitioner `gateway`.
 *
 * @param reason 10 to 500 characters without anything of a child; in the event and in the account's history.
 * @throws Error when the account may not be suspended afterwards. An account that is suspended already is.
 */
export type Suspend = (practitionerId: string, reason: string) => Promise<void>;

const SUSPEND = `mutation SuspendAccess($practitionerId: ID!, $reason: String!) {
  account: suspendAccess(practitionerId: $practitionerId, reason: $reason) { id status }
}`;

/** Asked where the mutation was refused: one reason of that is that nothing was left to do. */
const STATUS =
  'query Status($practitionerId: ID!) { account: practitioner(id: $practitionerId) { id status } }';

const Answer = v.object({
  data: v.object({ account: v.object({ id: v.string(), status: v.literal('SUSPENDED') }) }),
});

export interface SuspensionOptions extends SystemRequestOptions {
  /** GraphQL endpoint of accreditation. */
  readonly url: string;
  readonly log: AuditLog;
  readonly owed: OwedEvents;
  readonly events: EventContext;
}

export function createSuspension(options: SuspensionOptions): Suspend {
  const { grants, now, log, owed, events, policySet } = options;

  return async (practitionerId, reason) => {
    const nonce = randomBytes(16);
    const variables = { practitionerId, reason };
    const jtis: string[] = [];
    const event = (more: Pick<AccessEvent, 'kind' | 'outcome'> & Partial<AccessEvent>): AccessEvent => ({
      version: 1,
      nonce: nonce.toString('hex'),
      at: now().toISOString(),
      instance: events.instance,
      practitioner: 'gateway',
      role: 'gateway',
      organisation: 'gateway',
      reason,
      override: false,
      operation: { name: 'SuspendAccess', hash: createHash('sha256').update(SUSPEND).digest('hex') },
      variables: digestVariables(events.digestKey, variables),
      supergraph: events.supergraph,
      jtis,
      subjects: [],
      ...more,
    });
    const ask = async (query: string, sent: Record<string, string>): Promise<boolean> => {
      const scopes = ['accreditation:read', 'accreditation:write'];
      const claims = systemClaims({ aud: 'accreditation', evt: eventDigest(nonce), policySet, scopes });
      const { grant, jti } = grants.sign({ ...claims, body: operationDigest(query, sent) }, now());
      jtis.push(jti);
      const answer = await request(options.url, {
        dispatcher: boundedAnswers,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables: sent, extensions: { accessGrant: grant } }),
        signal: AbortSignal.timeout(options.timeout),
      });
      const parsed = v.safeParse(Answer, await answer.body.json());
      return parsed.success && parsed.output.data.account.id === practitionerId;
    };

    const { index: intentIndex } = await audit(log, event({ kind: 'intent', outcome: 'RELEASED' }));
    // Until accreditation has said whether it did.
    let outcome: AccessEvent['outcome'] = 'PARTIAL';
    try {
      const suspended = (await ask(SUSPEND, variables)) || (await ask(STATUS, { practitionerId }));
      outcome = suspended ? 'RELEASED' : 'REFUSED';
    } finally {
      const ended = event({ kind: 'outcome', outcome, intentIndex });
      await audit(log, ended).catch((cause: unknown) => {
        owed.keep(ended);
        throw cause;
      });
    }
    if (outcome !== 'RELEASED') throw new Error('Accreditation did not suspend the account');
  };
}
