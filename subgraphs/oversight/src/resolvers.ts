import { orNull } from '@contactpoint/subgraph-kit/loader';
import type { Resolvers } from '@contactpoint/subgraph-kit/subgraph';
import { type AlertRow, findAlerts } from './alerts/alerts.ts';
import { readIndex } from './bad-input.ts';
import type { AccessEventRow } from './events/access-event-row.ts';
import { type AccessEventFilter, findAccessEvents, requireNarrow } from './events/access-events.ts';
import { findAccessStatement, type StatementArguments } from './events/access-statement.ts';
import type { Loaders } from './loaders.ts';
import { findCheckpoints, proveInclusion } from './log/checkpoints.ts';
import type { PageArguments } from './page.ts';
import { type ReviewArguments, reviewOverride } from './review/override-review.ts';

/** Every question of events first brings the rows to the log's end: an access that was just recorded is found. */
export const resolvers: Resolvers<Loaders> = {
  Query: {
    accessEvents: async (
      _source,
      { filter, ...page }: PageArguments & { readonly filter: AccessEventFilter },
      { store, loaders, grant },
    ) => {
      requireNarrow(filter, grant.role);
      await loaders.projection.catchUp();
      const { rows: events, endCursor, hasNextPage } = await findAccessEvents(store, filter, page);
      return { events, endCursor, hasNextPage };
    },
    accessStatement: async (_source, request: StatementArguments, { store, loaders }) => {
      await loaders.projection.catchUp();
      return await findAccessStatement(store, request);
    },
    checkpoints: async (_source, _args, { loaders }) => orNull(await findCheckpoints(loaders.audit)),
    inclusionProof: async (
      _source,
      { origin, index }: { readonly origin: string; readonly index: string },
      { loaders },
    ) => await proveInclusion(loaders.audit, origin, readIndex(index)),
    alerts: async (_source, page: PageArguments, { store, loaders }) => {
      await loaders.projection.catchUp();
      const { rows: alerts, endCursor, hasNextPage } = await findAlerts(store, page);
      return { alerts, endCursor, hasNextPage };
    },
  },
  Mutation: {
    reviewOverride: async (_source, request: ReviewArguments, { store, loaders, grant, clock }) => {
      await loaders.projection.catchUp();
      return await reviewOverride(store, request, grant.act ?? grant.sub, clock());
    },
  },
  AccessEvent: {
    subjects: async (
      event: AccessEventRow & { readonly onlyChildId?: string },
      _args,
      { loaders }: { readonly loaders: Loaders },
    ) => {
      const subjects = await loaders.subjectsByEvent.load(event);
      const { onlyChildId } = event;
      return onlyChildId === undefined ? subjects : subjects.filter(({ childId }) => childId === onlyChildId);
    },
  },
  AccessStatement: {
    checkpoint: async (_statement, _args, { loaders }) => await loaders.newestCheckpoint(),
  },
  Alert: {
    events: async ({ id }: AlertRow, _args, { loaders }) => await loaders.eventsByAlertId.load(id),
  },
};
