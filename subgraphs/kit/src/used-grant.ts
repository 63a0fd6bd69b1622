import type { GrantClaims } from '@contactpoint/access/grant';
import { journal } from './journal.ts';
import type { Store } from './store.ts';
import { inTransaction } from './transaction.ts';

/**
 * Spends the grant of a mutation, which opens one mutation only, and journals the intent with it: either both are kept
 * or the mutation does not run.
 *
 * @returns False when the grant was spent before.
 */
export async function spendGrant(store: Store, grant: GrantClaims, at: Date): Promise<boolean> {
  return await inTransaction(store, async (transaction) => {
    const spent = await transaction`
      insert into used_grant (jti, expires) values (${grant.jti}, ${new Date(grant.exp * 1000)})
      on conflict (jti) do nothing
      returning jti`;
    if (spent.length === 0) return false;
    await journal(transaction as unknown as Store, [
      { grant, operation: 'mutation-intent', at, resolved: new Map() },
    ]);
    return true;
  });
}

/** Forgets grants that have been unacceptable for an hour. */
export async function forgetSpentGrants(store: Store, now: Date): Promise<void> {
  await store`delete from used_grant where expires < ${now}::timestamptz - interval '1 hour'`;
}
