import { isDormant } from '@contactpoint/access/accreditation';
import { usesDigest } from '@contactpoint/access/grant';
import type { PractitionerUse } from '@contactpoint/access/principal';
import { verifyEach } from '@contactpoint/subgraph-kit/granted-requests';
import type { Store } from '@contactpoint/subgraph-kit/store';
import type { SubgraphDefinition, SubgraphServices } from '@contactpoint/subgraph-kit/subgraph';
import * as v from 'valibot';
import { inTransaction } from '../mutations/change-account.ts';

type App = Parameters<NonNullable<SubgraphDefinition<unknown>['routes']>>[0];

const Body = v.object({
  uses: v.array(v.object({ practitionerId: v.string(), at: v.pipe(v.string(), v.isoTimestamp()) })),
  accessGrant: v.string(),
});

/**
 * `POST /used`: last uses, as the gateway reports them every few seconds; 204. Only the gateway's own grant counts, not
 * one that it signed for a practitioner's fetch.
 */
export function usedRoute(app: App, { store, grants, clock }: SubgraphServices): void {
  app.post('/used', async (request, reply) => {
    const body = v.safeParse(Body, request.body);
    if (!body.success) {
      const error = {
        message: 'The body is { uses: [...], accessGrant }',
        extensions: { code: 'BAD_USER_INPUT' },
      };
      return await reply.code(400).send({ errors: [error] });
    }
    const expected = { grants, clock, audience: 'accreditation' };
    const [grant] = await verifyEach([body.output], ({ uses }) => usesDigest(uses), expected);
    // The claims' type names practitioners' roles only; the gateway's own is none of them.
    if (!grant || (grant.role as string) !== 'gateway') {
      const error = { message: 'No valid access grant', extensions: { code: 'UNAUTHENTICATED' } };
      return await reply.code(401).send({ errors: [error] });
    }
    await keepUses(store, body.output.uses, clock());
    return await reply.code(204).send();
  });
}

/**
 * A use renews an account that is in use; it wakes no dormant and no suspended one, whose requests were refused before
 * they could count. A gateway whose clock runs ahead keeps nobody awake for longer.
 */
async function keepUses(store: Store, uses: readonly PractitionerUse[], now: Date): Promise<void> {
  if (uses.length === 0) return;
  await inTransaction(store, async (transaction) => {
    const accounts = await transaction<{ id: string; activeSince: string }[]>`
      select id, active_since as "activeSince" from practitioner
      where id = any(${uses.map(({ practitionerId }) => practitionerId)}) and suspended_at is null
      order by id for update`;
    const activeSince = new Map(accounts.map((account) => [account.id, account.activeSince]));
    const counted = uses.flatMap(({ practitionerId, at }) => {
      const since = activeSince.get(practitionerId);
      const used = new Date(Math.min(Date.parse(at), now.getTime()));
      return since === undefined || isDormant(since, used)
        ? []
        : [{ id: practitionerId, at: used.toISOString() }];
    });
    await transaction`
      update practitioner set last_used_at = greatest(last_used_at, latest.at)
      from (
        select id, max(at) as at
        from jsonb_to_recordset(${JSON.stringify(counted)}::text::jsonb) as used (id text, at timestamptz)
        group by id
      ) latest
      where practitioner.id = latest.id`;
  });
}
