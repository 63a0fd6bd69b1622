import type { Changed } from '@contactpoint/access/change';
import { principalDigest } from '@contactpoint/access/grant';
import type { Principal, PrincipalAnswer, PrincipalRequest } from '@contactpoint/access/principal';
import { isRole } from '@contactpoint/access/role';
import { SECTORS } from '@contactpoint/access/sector';
import * as v from 'valibot';
import { createBatchedQuestion } from './batched-question.ts';
import { BriefCache } from './brief-cache.ts';
import type { GrantSigner } from './grants.ts';
import { OverrideWindowShape } from './overrides.ts';

/** Who a practitioner is, as accreditation has it now. */
export interface Principals {
  /**
   * @param evt Digest of the access event under which accreditation is asked.
   * @param onQuestion Told the `jti` of the question before it is sent, where one is.
   * @returns null for a practitioner accreditation does not know.
   * @throws Error when accreditation cannot be asked, or does not take the grant.
   */
  find(practitionerId: string, evt: string, onQuestion: (jti: string) => void): Promise<Principal | null>;
  /** Believes nothing any longer that was asked for until now about practitioners who have changed. */
  forget(changed: Changed): void;
  close(): Promise<void>;
}

/** Null is none: it stands for a grant that did not hold. */
const Answer = v.union([
  v.literal('UNKNOWN'),
  v.object({
    practitionerId: v.string(),
    role: v.custom<Principal['role']>((role) => typeof role === 'string' && isRole(role)),
    sector: v.picklist(SECTORS),
    organisationId: v.string(),
    organisationStage: v.picklist(['SANDBOX', 'PILOT', 'LIVE', 'SUSPENDED']),
    scopes: v.array(v.string()),
    suspended: v.boolean(),
    vettingIssuedOn: v.nullable(v.string()),
    trainingPassedOn: v.nullable(v.string()),
    agreementSignedOn: v.nullable(v.string()),
    activeSince: v.string(),
    overrides: v.exactOptional(v.array(OverrideWindowShape)),
  }),
]);

export function createPrincipals(options: {
  /** Base URL of accreditation. */
  readonly url: string;
  readonly timeout: number;
  readonly grants: GrantSigner;
  readonly policySet: string;
  readonly now: () => Date;
  readonly monotonic: () => number;
  /** As `ChangeWatch.pushedSince`. */
  readonly pushedSince?: () => number | undefined;
}): Principals {
  const { grants, now, monotonic } = options;
  const cache = new BriefCache<{ principal: Principal | null }>(monotonic, options.pushedSince);
  const question = createBatchedQuestion<PrincipalRequest, PrincipalAnswer>({
    url: new URL('/principals', options.url).href,
    timeout: options.timeout,
    read: (answer) => v.parse(Answer, answer),
  });

  return {
    async find(practitionerId, evt, onQuestion) {
      const known = cache.get(practitionerId);
      if (known !== undefined) return known.principal;

      const askedAt = monotonic();
      const { grant, jti } = grants.sign(
        {
          aud: 'accreditation',
          evt,
          sub: practitionerId,
          role: 'gateway',
          sector: 'DIRECTORY',
          organisation: 'gateway',
          scopes: [],
          override: false,
          policySet: options.policySet,
          body: principalDigest(practitionerId),
          children: {},
        },
        now(),
      );
      onQuestion(jti);
      const answer = await question.ask({ practitionerId, accessGrant: grant });
      const principal = answer === 'UNKNOWN' ? null : answer;
      if (principal !== null && principal.practitionerId !== practitionerId)
        throw new Error('Accreditation answered for somebody else');
      const organisation = principal === null ? [] : [organisationKey(principal.organisationId)];
      cache.set(practitionerId, { principal }, askedAt, [practitionerId, ...organisation]);
      return principal;
    },
    forget(changed) {
      if (changed === 'everything') return cache.forgetAll();
      cache.forget(changed.practitioners ?? []);
      cache.forget((changed.organisations ?? []).map(organisationKey));
    },
    close: () => question.close(),
  };
}

/** Nobody's practitioner id: the two kinds are kept apart. */
function organisationKey(organisationId: string): string {
  return `organisation\n${organisationId}`;
}
