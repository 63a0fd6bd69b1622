import type { Store } from '@contactpoint/subgraph-kit/store';
import { badArgument, SubgraphError } from '@contactpoint/subgraph-kit/subgraph-error';
import { inTransaction as guarded } from '@contactpoint/subgraph-kit/transaction';
import type { Account } from '../account.ts';
import { lockAccount } from '../account-store.ts';
import { type HistoryEntry, keepHistory } from '../history.ts';
import type { Context } from '../practitioner.ts';

/** What a change did, for the history. */
export type Change = Pick<HistoryEntry, 'act' | 'reason' | 'detail'>;

/**
 * Changes one account and keeps the history of it, both or neither.
 *
 * @param change Runs while the account is locked; throws to refuse.
 * @returns The account as it is then.
 * @throws SubgraphError BAD_USER_INPUT for an account that nobody has.
 */
export async function changeAccount(
  { store, grant, clock }: Context,
  practitionerId: string,
  change: (transaction: Store, account: Account, now: Date) => Promise<Change>,
): Promise<Account> {
  return await inTransaction(store, async (transaction) => {
    const account = await lockAccount(transaction, practitionerId);
    if (account === undefined)
      throw badArgument('practitionerId', 'UNKNOWN', 'There is no such practitioner');
    const at = clock();
    const done = await change(transaction, account, at);
    await keepHistory(transaction, { ...done, at, grant, practitionerId });
    return (await lockAccount(transaction, practitionerId)) ?? account;
  });
}

/** @throws SubgraphError when an officer decides on their own account: nobody grants, restores, suspends or reviews themselves. */
export function refuseOneself({ grant }: Context, practitionerId: string): void {
  if (grant.sub !== practitionerId) return;
  throw new SubgraphError('UNAUTHORIZED_FIELD_OR_TYPE', 'Nobody decides on their own account', {
    reason: 'POLICY',
  });
}

export async function inTransaction<Result>(
  store: Store,
  work: (transaction: Store) => Promise<Result>,
): Promise<Result> {
  // postgres.js gives a transaction a type without the pool's methods; none of them is used within one.
  return await guarded(store, async (transaction) => await work(transaction as unknown as Store));
}
