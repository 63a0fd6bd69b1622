import { loadInOrder, loadOneInOrder } from '@contactpoint/subgraph-kit/loader';
import type { Store } from '@contactpoint/subgraph-kit/store';
import DataLoader from 'dataloader';
import type {
  Assessment,
  CareEpisode,
  ChildProtectionPlan,
  MissingEpisode,
  Referral,
  Review,
  Section47Enquiry,
  SocialCareRecord,
} from './record.ts';
import { CARE_TABLES, type CareTable, type CareTableName } from './store/tables.ts';

/** What the record keeps of the child beside its rows. */
export type CareChild = Pick<
  SocialCareRecord,
  'childId' | 'supportStatus' | 'team' | 'disabilities' | 'convictions' | 'previousPermanence'
> & {
  readonly workerName: string | null;
  readonly workerRole: string | null;
  readonly workerOrganisation: string | null;
  readonly workerPhone: string | null;
  readonly workerEmail: string | null;
};

/** Rows by ContactPoint number, oldest first. */
type RowsByChild<Row> = DataLoader<string, Row[]>;

export interface Loaders {
  /** Null for a child whom social care does not know. */
  readonly careChild: DataLoader<string, CareChild | null>;
  readonly referrals: RowsByChild<Referral>;
  readonly assessments: RowsByChild<Assessment>;
  readonly section47Enquiries: RowsByChild<Section47Enquiry>;
  readonly childProtectionPlans: RowsByChild<ChildProtectionPlan>;
  readonly careEpisodes: RowsByChild<CareEpisode>;
  readonly missingEpisodes: RowsByChild<MissingEpisode>;
  readonly reviews: RowsByChild<Review>;
}

/** Made once per operation: a loader's cache must never outlive the access decision it was filled under. */
export function createLoaders(store: Store): Loaders {
  return {
    careChild: new DataLoader(
      async (childIds: readonly string[]) =>
        loadOneInOrder(
          childIds,
          await select<CareChild>(store, 'careChild', childIds),
          ({ childId }) => childId,
        ),
      { maxBatchSize: 100, name: 'careChild' },
    ),
    referrals: rowsByChild(store, 'referrals', 'received_on'),
    assessments: rowsByChild(store, 'assessments', 'started_on'),
    section47Enquiries: rowsByChild(store, 'section47Enquiries', 'started_on'),
    childProtectionPlans: rowsByChild(store, 'childProtectionPlans', 'started_on'),
    careEpisodes: rowsByChild(store, 'careEpisodes', 'started_on'),
    missingEpisodes: rowsByChild(store, 'missingEpisodes', 'started_on'),
    reviews: rowsByChild(store, 'reviews', 'held_on'),
  };
}

function rowsByChild<Row>(store: Store, table: CareTableName, day: string): RowsByChild<Row> {
  return new DataLoader<string, Row[]>(
    async (childIds) => {
      const rows = await select<Row & { readonly childId: string }>(store, table, childIds, day);
      return loadInOrder(childIds, rows, ({ childId }) => childId);
    },
    { maxBatchSize: 100, name: table },
  );
}

/** Rows of the children, their columns in camel case. */
async function select<Row>(
  store: Store,
  table: CareTableName,
  childIds: readonly string[],
  order = 'child_id',
): Promise<Row[]> {
  const { name, key, columns }: CareTable = CARE_TABLES[table];
  const fields = [...new Set([...key, ...columns])].map(
    (column, place) =>
      store`${place === 0 ? store`` : store`, `}${store(column)} as ${store(camelCase(column))}`,
  );
  const rows = await store`
    select ${fields} from ${store(name)} where child_id = any(${childIds as string[]})
    order by ${store(order)}`;
  return rows as unknown as Row[];
}

function camelCase(column: string): string {
  return column.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
