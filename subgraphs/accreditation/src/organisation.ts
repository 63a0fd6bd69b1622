import { isDormant } from '@contactpoint/access/accreditation';
import { londonDate } from '@contactpoint/access/calendar-date';
import type { TypeResolvers } from '@contactpoint/subgraph-kit/subgraph';
import { daysAhead, daysLeft } from './lapsing.ts';
import type { Loaders } from './loaders.ts';
import type { Context } from './practitioner.ts';
import type { OrganisationRecord } from './record.ts';

export const organisationResolvers: TypeResolvers<Loaders> = {
  __resolveReference: ({ id }: { readonly __typename: string; readonly id?: unknown }, { loaders }) =>
    typeof id === 'string' ? loaders.organisationById.load(id) : null,
  grantedUsers: async ({ id }: OrganisationRecord, _args: object, { loaders }: Context) =>
    (await loaders.placesByOrganisationId.load(id)).length,
  activeUsers: async ({ id }: OrganisationRecord, _args: object, { loaders, clock }: Context) => {
    const now = clock();
    const places = await loaders.placesByOrganisationId.load(id);
    return places.filter(({ lastUsedAt }) => lastUsedAt !== null && !isDormant(lastUsedAt, now)).length;
  },
  dormantUsers: async ({ id }: OrganisationRecord, _args: object, { loaders, clock }: Context) => {
    const now = clock();
    const places = await loaders.placesByOrganisationId.load(id);
    return places.filter(({ activeSince }) => isDormant(activeSince, now)).length;
  },
  lapsingUsers: async (
    { id }: OrganisationRecord,
    { withinDays }: { readonly withinDays?: number | null },
    { loaders, clock }: Context,
  ) => {
    const days = daysAhead(withinDays);
    const today = londonDate(clock());
    const places = await loaders.placesByOrganisationId.load(id);
    return places.filter((place) => daysLeft(place, today) <= days).length;
  },
};
