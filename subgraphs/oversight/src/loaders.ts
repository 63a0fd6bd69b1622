import { loadInOrder } from '@contactpoint/subgraph-kit/loader';
import type { Store } from '@contactpoint/subgraph-kit/store';
import DataLoader from 'dataloader';
import { type AlertEventRow, findAlertEvents } from './alerts/alerts.ts';
import type { AlertWatch } from './alerts/watch.ts';
import { findSubjects, type SubjectAccessRow } from './events/access-event-row.ts';
import type { FigureCount } from './figures/figure-count.ts';
import { type CheckpointRow, findBindingCheckpoint } from './log/checkpoints.ts';
import type { Projection } from './projection/projection.ts';
import { findWindowEvents, type WindowEventRow } from './review/pending-reviews.ts';

export interface EventPlace {
  readonly origin: string;
  readonly index: string;
}

export interface Loaders {
  /** The log's database, as its reader. */
  readonly audit: Store;
  readonly projection: Projection;
  readonly alertWatch: AlertWatch;
  readonly figureCount: FigureCount;
  readonly subjectsByEvent: DataLoader<EventPlace, SubjectAccessRow[], string>;
  readonly eventsByAlertId: DataLoader<string, AlertEventRow[]>;
  readonly eventsByWindow: DataLoader<string, WindowEventRow[]>;
  bindingCheckpoint(): Promise<CheckpointRow | null>;
}

/** Keys of one statement at most. */
const maxBatchSize = 500;

export function createLoaders(
  store: Store,
  audit: Store,
  rows: Pick<Loaders, 'projection' | 'alertWatch' | 'figureCount'>,
): Loaders {
  return {
    audit,
    ...rows,
    subjectsByEvent: new DataLoader<EventPlace, SubjectAccessRow[], string>(
      async (places) => loadInOrder(places.map(placeKey), await findSubjects(store, places), placeKey),
      { maxBatchSize, name: 'subjectsByEvent', cacheKeyFn: placeKey },
    ),
    eventsByAlertId: new DataLoader<string, AlertEventRow[]>(
      async (ids) => loadInOrder(ids, await findAlertEvents(store, ids), ({ alertId }) => alertId),
      { maxBatchSize, name: 'eventsByAlertId' },
    ),
    eventsByWindow: new DataLoader<string, WindowEventRow[]>(
      async (windows) => loadInOrder(windows, await findWindowEvents(store, windows), ({ window }) => window),
      { maxBatchSize, name: 'eventsByWindow' },
    ),
    bindingCheckpoint: () => findBindingCheckpoint(audit),
  };
}

function placeKey({ origin, index }: EventPlace): string {
  return `${origin} ${index}`;
}
