import type { SubgraphContext } from '@contactpoint/subgraph-kit/context';
import { loadInOrder, loadOneInOrder } from '@contactpoint/subgraph-kit/loader';
import type { Store } from '@contactpoint/subgraph-kit/store';
import DataLoader from 'dataloader';
import {
  type AddressRow,
  type CarerRow,
  type ChildRow,
  findAddresses,
  findCarers,
  findChildrenById,
  findInvolvements,
  type InvolvementRow,
} from './child/rows.ts';

/** Made once per operation: a loader's cache must never outlive the decision it was filled under. */
export interface Loaders {
  /** The surviving identity, whichever of its numbers is asked for. */
  readonly childById: DataLoader<string, ChildRow | null>;
  readonly addressesByChildId: DataLoader<string, AddressRow[]>;
  readonly carersByChildId: DataLoader<string, CarerRow[]>;
  readonly involvementsByChildId: DataLoader<string, InvolvementRow[]>;
}

export type DirectoryContext = SubgraphContext<Loaders>;

const MAX_BATCH = 500;

export function createLoaders(store: Store): Loaders {
  return {
    childById: new DataLoader(
      async (ids) => loadOneInOrder(ids, await findChildrenById(store, ids), ({ asked }) => asked),
      { maxBatchSize: MAX_BATCH, name: 'childById' },
    ),
    addressesByChildId: new DataLoader(
      async (ids) => loadInOrder(ids, await findAddresses(store, ids), ({ childId }) => childId),
      { maxBatchSize: MAX_BATCH, name: 'addressesByChildId' },
    ),
    carersByChildId: new DataLoader(
      async (ids) => loadInOrder(ids, await findCarers(store, ids), ({ childId }) => childId),
      { maxBatchSize: MAX_BATCH, name: 'carersByChildId' },
    ),
    involvementsByChildId: new DataLoader(
      async (ids) => loadInOrder(ids, await findInvolvements(store, ids), ({ childId }) => childId),
      { maxBatchSize: MAX_BATCH, name: 'involvementsByChildId' },
    ),
  };
}
