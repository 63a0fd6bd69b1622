import type { GrantClaims } from '@contactpoint/access/grant';
import { type JournaledOperation, journal } from './journal.ts';
import type { Store } from './store.ts';
import { inTransaction } from './transaction.ts';

/**
 * Spends the grant of a mutation or a subscription, which opens one only, and journals with it that it is about to: either
 * both are kept or it does not run.
 *
 * @returns False when the grant was spent before.
 */
export async function spendGrant(
  store: Store,
  grant: GrantClaims,
  at: Date,
  operation: Extract<JournaledOperation, 'mutation-intent' | 'subscription'>,
): Promise<boolean> {
  return await inTransaction(store, async (transaction) => {
    const spent = await transaction`
      insert into used_grant (jti, expires) values (${grant.jti}, ${new Date(grant.exp * 1000)})
      on conflict (jti) do nothing
      returning jti`;
    if (spent.length === 0) return false;
    await journal(transaction as unknown as Store, [{ grant, operation, at, resolved: new Map() }]);
    return true;
  });
}

/** Forgets grants that have been unacceptable for an hour. */
export async function forgetSpentGrants(store: Store, now: Date): Promise<void> {
  await store`delete from used_grant where expires < ${now}::timestamptz - interval '1 hour'`;
}
