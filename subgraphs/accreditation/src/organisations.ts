import type { TypeResolvers } from '@contactpoint/subgraph-kit/subgraph';
import { badArgument } from '@contactpoint/subgraph-kit/subgraph-error';
import type { Loaders } from './loaders.ts';
import { countOrganisations, listOrganisations } from './organisation-store.ts';
import type { Context } from './practitioner.ts';
import type { OrganisationRecord } from './record.ts';

/** Each brings its accounts along, where they are counted. */
const LARGEST_PAGE = 100;

interface OrganisationPage {
  readonly organisations: readonly OrganisationRecord[];
  readonly endCursor: string | null;
  readonly hasNextPage: boolean;
}

/** Whoever is reviewed, an organisation at a time, has to be found first. */
export async function organisations(
  _source: unknown,
  { first, after }: { readonly first?: number | null; readonly after?: string | null },
  { store }: Context,
): Promise<OrganisationPage> {
  const most = first ?? 50;
  if (most < 1 || most > LARGEST_PAGE)
    throw badArgument('first', 'RANGE', `first must be from 1 to ${LARGEST_PAGE}`);
  const found = await listOrganisations(store, after ?? '', most + 1);
  const page = found.slice(0, most);
  return { organisations: page, endCursor: page.at(-1)?.id ?? null, hasNextPage: found.length > most };
}

export const organisationPageResolvers: TypeResolvers<Loaders> = {
  total: async (_page: OrganisationPage, _args: object, { store }: Context) =>
    await countOrganisations(store),
};
