import { loadInOrder, loadOneInOrder } from '@contactpoint/subgraph-kit/loader';
import type { Store } from '@contactpoint/subgraph-kit/store';
import DataLoader from 'dataloader';
import * as find from './find.ts';

export type Loaders = ReturnType<typeof createLoaders>;

/** Keys of one statement at most. */
const maxBatchSize = 500;

type FindByChildIds<Row> = (store: Store, childIds: readonly string[]) => Promise<find.OfChild<Row>[]>;

/** Made once per operation: a loader's cache must never outlive the access decision it was filled under. */
export function createLoaders(store: Store) {
  function many<Row>(name: string, findRows: FindByChildIds<Row>) {
    return new DataLoader<string, find.OfChild<Row>[]>(
      async (childIds) => loadInOrder(childIds, await findRows(store, childIds), ({ childId }) => childId),
      { maxBatchSize, name },
    );
  }
  function one<Row>(name: string, findRows: FindByChildIds<Row>) {
    return new DataLoader<string, find.OfChild<Row> | null>(
      async (childIds) => loadOneInOrder(childIds, await findRows(store, childIds), ({ childId }) => childId),
      { maxBatchSize, name },
    );
  }

  return {
    schoolByUrn: new DataLoader(
      async (urns: readonly string[]) =>
        loadOneInOrder(urns, await find.schools(store, urns), ({ urn }) => urn),
      { maxBatchSize, name: 'schoolByUrn' },
    ),
    pupilByChildId: one('pupilByChildId', find.pupils),
    enrolmentsByChildId: many('enrolmentsByChildId', find.enrolments),
    attendanceByChildId: many('attendanceByChildId', find.attendance),
    suspensionsByChildId: many('suspensionsByChildId', find.suspensions),
    ehcPlanByChildId: one('ehcPlanByChildId', find.ehcPlans),
    designatedSafeguardingLeadByChildId: one(
      'designatedSafeguardingLeadByChildId',
      find.designatedSafeguardingLeads,
    ),
  };
}
