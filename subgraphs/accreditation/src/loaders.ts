import { loadInOrder, loadOneInOrder } from '@contactpoint/subgraph-kit/loader';
import type { Store } from '@contactpoint/subgraph-kit/store';
import DataLoader from 'dataloader';
import type { Account } from './account.ts';
import { findAccounts } from './account-store.ts';
import { findOccupiedPlaces, findOrganisations, type OccupiedPlace } from './organisation-store.ts';
import type { OrganisationRecord } from './record.ts';

export interface Loaders {
  readonly accountById: DataLoader<string, Account | null>;
  readonly organisationById: DataLoader<string, OrganisationRecord | null>;
  readonly placesByOrganisationId: DataLoader<string, OccupiedPlace[]>;
}

/** Made once per operation: a loader's cache must never outlive the access decision it was filled under. */
export function createLoaders(store: Store): Loaders {
  return {
    accountById: new DataLoader(
      async (ids) => loadOneInOrder(ids, await findAccounts(store, ids), ({ id }) => id),
      { maxBatchSize: 500, name: 'accountById' },
    ),
    organisationById: new DataLoader(
      async (ids) => loadOneInOrder(ids, await findOrganisations(store, ids), ({ id }) => id),
      { maxBatchSize: 500, name: 'organisationById' },
    ),
    placesByOrganisationId: new DataLoader(
      async (ids) =>
        loadInOrder(ids, await findOccupiedPlaces(store, ids), ({ organisationId }) => organisationId),
      { maxBatchSize: 100, name: 'placesByOrganisationId' },
    ),
  };
}
