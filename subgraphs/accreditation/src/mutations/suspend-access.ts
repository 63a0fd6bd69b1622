import { badArgument } from '@contactpoint/subgraph-kit/subgraph-error';
import type { Account } from '../account.ts';
import { reasonOf } from '../evidence.ts';
import type { Context } from '../practitioner.ts';
import { changeAccount, refuseOneself } from './change-account.ts';

/**
 * Shuts an account from its next request on. Not one's own: the last officer who did would leave nobody to restore any.
 */
export async function suspendAccess(
  _source: unknown,
  { practitionerId, reason: text }: { readonly practitionerId: string; readonly reason: string },
  context: Context,
): Promise<Account> {
  refuseOneself(context, practitionerId);
  const reason = reasonOf(text);
  return await changeAccount(context, practitionerId, async (transaction, { suspendedAt }, now) => {
    if (suspendedAt !== null)
      throw badArgument('practitionerId', 'DUPLICATE', 'The account is suspended already');
    await transaction`update practitioner set suspended_at = ${now} where id = ${practitionerId}`;
    return { act: 'SUSPEND', reason };
  });
}
