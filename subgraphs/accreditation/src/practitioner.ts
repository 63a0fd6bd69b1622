import { trainingExpiresOn, vettingExpiresOn } from '@contactpoint/access/accreditation';
import type { SubgraphContext } from '@contactpoint/subgraph-kit/context';
import type { TypeResolvers } from '@contactpoint/subgraph-kit/subgraph';
import { SubgraphError } from '@contactpoint/subgraph-kit/subgraph-error';
import { type Account, statusOf } from './account.ts';
import type { Loaders } from './loaders.ts';

export type Context = SubgraphContext<Loaders>;

/** Id, name and role are a colleague's to read; how their accreditation stands is not. */
export const practitionerResolvers: TypeResolvers<Loaders> = {
  __resolveReference: ({ id }: { readonly __typename: string; readonly id?: unknown }, { loaders }) =>
    typeof id === 'string' ? loaders.accountById.load(id) : null,
  organisation: ownOrOfficer(({ organisationId }, { loaders }) =>
    loaders.organisationById.load(organisationId),
  ),
  status: ownOrOfficer((account, { clock }) => statusOf(account, clock())),
  vettingExpiresOn: ownOrOfficer(({ vettingIssuedOn: on }) => (on === null ? null : vettingExpiresOn(on))),
  trainingExpiresOn: ownOrOfficer(({ trainingPassedOn: on }) => (on === null ? null : trainingExpiresOn(on))),
  agreementSignedOn: ownOrOfficer(({ agreementSignedOn }) => agreementSignedOn),
  lastAccessAt: ownOrOfficer(({ lastUsedAt }) => lastUsedAt),
};

/** `me`: the practitioner of the grant. */
export function me(_source: unknown, _args: object, { grant, loaders }: Context): Promise<Account | null> {
  return loaders.accountById.load(grant.sub);
}

/** The resolver runs for the practitioner's own account and for whoever holds `accreditation:read`. */
function ownOrOfficer(resolve: (account: Account, context: Context) => unknown) {
  return (account: Account, _args: object, context: Context): unknown => {
    const { sub, scopes } = context.grant;
    if (sub === account.id || scopes.includes('accreditation:read')) return resolve(account, context);
    throw new SubgraphError(
      'UNAUTHORIZED_FIELD_OR_TYPE',
      'This is for the practitioner and for accreditation',
      {
        reason: 'SCOPE',
      },
    );
  };
}
