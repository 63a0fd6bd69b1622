import { isDormant } from '@contactpoint/access/accreditation';
import { badArgument } from '@contactpoint/subgraph-kit/subgraph-error';
import type { Account } from '../account.ts';
import { reasonOf } from '../evidence.ts';
import type { Context } from '../practitioner.ts';
import { changeAccount, refuseOneself } from './change-account.ts';
import { organisationWithFreePlace } from './free-place.ts';

/**
 * Ends a suspension or a dormancy; nothing else does. What has lapsed stays lapsed. A suspended account had given its
 * place in the quota away, so it needs one again: otherwise suspend, grant, restore would be a way past the quota.
 */
export async function restoreAccess(
  _source: unknown,
  { practitionerId, reason: text }: { readonly practitionerId: string; readonly reason: string },
  context: Context,
): Promise<Account> {
  refuseOneself(context, practitionerId);
  const reason = reasonOf(text);
  return await changeAccount(context, practitionerId, async (transaction, account, now) => {
    if (account.suspendedAt !== null) await organisationWithFreePlace(transaction, account.organisationId);
    else if (!isDormant(account.activeSince, now)) {
      throw badArgument('practitionerId', 'STATE', 'The account is neither suspended nor dormant');
    }
    await transaction`
      update practitioner set suspended_at = null, restored_at = ${now} where id = ${practitionerId}`;
    return { act: 'RESTORE', reason };
  });
}
