import type { OrganisationStage } from '@contactpoint/access/principal';
import { badArgument } from '@contactpoint/subgraph-kit/subgraph-error';
import { keepHistory } from '../history.ts';
import { lockOrganisation } from '../organisation-store.ts';
import type { Context } from '../practitioner.ts';
import type { OrganisationRecord } from '../record.ts';
import { inTransaction } from './change-account.ts';

/** Moves an organisation through the roll-out, or out of it: its people are let in from PILOT on. */
export async function setOrganisationStage(
  _source: unknown,
  { organisationId, stage }: { readonly organisationId: string; readonly stage: OrganisationStage },
  { store, grant, clock }: Context,
): Promise<OrganisationRecord> {
  return await inTransaction(store, async (transaction) => {
    const organisation = await lockOrganisation(transaction, organisationId);
    if (organisation === undefined)
      throw badArgument('organisationId', 'UNKNOWN', 'There is no such organisation');
    await transaction`update organisation set stage = ${stage} where id = ${organisationId}`;
    const detail = { from: organisation.stage, to: stage };
    await keepHistory(transaction, { act: 'SET_STAGE', at: clock(), grant, organisationId, detail });
    return { ...organisation, stage };
  });
}
