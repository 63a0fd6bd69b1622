import { orNull } from '@contactpoint/subgraph-kit/loader';
import type { Resolvers } from '@contactpoint/subgraph-kit/subgraph';
import { healthOf } from './agencies/agency-health.ts';
import { findReported } from './agencies/agency-reports.ts';
import { type AlertRow, countAlerts, findAlerts } from './alerts/alerts.ts';
import { readIndex } from './bad-input.ts';
import type { AccessEventRow, SubjectAccessRow } from './events/access-event-row.ts';
import { type AccessEventFilter, findAccessEvents, requireNarrow } from './events/access-events.ts';
import { findAccessStatement, type StatementArguments } from './events/access-statement.ts';
import { categoriesOf } from './events/categories.ts';
import { confirmOwnAnswer } from './events/own-answer.ts';
import {
  type AccessFigureArguments,
  type FigureRange,
  findAccessFigures,
  findWithheldFigures,
} from './figures/find-figures.ts';
import { endHold } from './holds/end-hold.ts';
import { findHolds } from './holds/find-holds.ts';
import { type LawfulHoldInput, placeHold } from './holds/place-hold.ts';
import type { Loaders } from './loaders.ts';
import { findCheckpoints } from './log/checkpoints.ts';
import { proveInclusion } from './log/inclusion-proof.ts';
import { findPrunedIndexes } from './log/pruned-indexes.ts';
import { findPrunings, type PruningRow } from './log/prunings.ts';
import { numbersOf } from './numbers.ts';
import type { PageArguments } from './page.ts';
import { type ReviewArguments, reviewOverride } from './review/override-review.ts';
import { countPendingReviews, findPendingReviews, type PendingReviewRow } from './review/pending-reviews.ts';

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
      const numbers = filter.childId ? numbersOf(grant, filter.childId) : undefined;
      const { rows: events, endCursor, hasNextPage } = await findAccessEvents(store, filter, numbers, page);
      return { events, endCursor, hasNextPage };
    },
    accessStatement: async (_source, request: StatementArguments, { store, loaders, grant, clock }) => {
      await loaders.projection.catchUp();
      return await findAccessStatement(store, request, numbersOf(grant, request.childId), clock());
    },
    checkpoints: async (_source, _args, { loaders }) => orNull(await findCheckpoints(loaders.audit)),
    inclusionProof: async (
      _source,
      { origin, index }: { readonly origin: string; readonly index: string },
      { loaders },
    ) => await proveInclusion(loaders.audit, origin, readIndex(index)),
    alerts: async (_source, page: PageArguments, { store, loaders, clock }) => {
      await loaders.projection.catchUp();
      await loaders.alertWatch.look(clock());
      const { rows: alerts, endCursor, hasNextPage } = await findAlerts(store, page);
      return { alerts, endCursor, hasNextPage };
    },
    lawfulHolds: async (
      _source,
      { childId, includeEnded, ...page }: LawfulHoldsArguments,
      { store, grant, clock },
    ) => {
      const numbers = childId ? numbersOf(grant, childId) : undefined;
      const filter = { numbers, includeEnded: includeEnded === true };
      const { rows: holds, endCursor, hasNextPage } = await findHolds(store, filter, page, clock());
      return { holds, endCursor, hasNextPage };
    },
    prunings: async (_source, page: PageArguments, { store, loaders }) => {
      await loaders.projection.catchUp();
      const { rows: prunings, endCursor, hasNextPage } = await findPrunings(store, page);
      return { prunings, endCursor, hasNextPage };
    },
    pendingReviews: async (_source, page: PageArguments, { store, loaders }) => {
      await loaders.projection.catchUp();
      const { rows: reviews, endCursor, hasNextPage } = await findPendingReviews(store, page);
      return { reviews, endCursor, hasNextPage };
    },
    accessFigures: async (_source, request: AccessFigureArguments, { store, loaders, clock }) => {
      await loaders.projection.catchUp();
      await loaders.figureCount.count(clock());
      return await findAccessFigures(store, request);
    },
    withheldFigures: async (_source, request: FigureRange, { store, loaders, clock }) => {
      await loaders.projection.catchUp();
      await loaders.figureCount.count(clock());
      return await findWithheldFigures(store, request);
    },
    agencies: async (_source, _args, { store, clock }) => {
      const now = clock();
      return orNull((await findReported(store, now)).map((reported) => healthOf(reported, now)));
    },
  },
  Mutation: {
    reviewOverride: async (_source, request: ReviewArguments, { store, loaders, grant, clock }) => {
      await loaders.projection.catchUp();
      return await reviewOverride(store, request, grant.act ?? grant.sub, clock());
    },
    recordAnswerUse: async (
      _source,
      receipt: { readonly origin: string; readonly index: string },
      { store, loaders, grant },
    ) => {
      await loaders.projection.catchUp();
      return await confirmOwnAnswer(store, receipt, grant.act ?? grant.sub);
    },
    placeLawfulHold: async (_source, { hold }: { readonly hold: LawfulHoldInput }, { store, grant, clock }) =>
      await placeHold(store, hold, grant.sub, clock()),
    endLawfulHold: async (
      _source,
      { childId, id }: { readonly childId: string; readonly id: string },
      { store, grant, clock },
    ) => await endHold(store, { id, numbers: numbersOf(grant, childId) }, grant.sub, clock()),
  },
  AccessEvent: {
    subjects: async (
      event: AccessEventRow & { readonly subjects?: readonly SubjectAccessRow[] },
      _args,
      { loaders }: { readonly loaders: Loaders },
    ) => event.subjects ?? (await loaders.subjectsByEvent.load(event)),
  },
  SubjectAccess: {
    categories: ({ released }: SubjectAccessRow) => categoriesOf(released),
  },
  AccessStatement: {
    checkpoint: async (_statement, _args, { loaders }) => await loaders.bindingCheckpoint(),
  },
  AlertConnection: {
    total: async (_page, _args, { store }) => await countAlerts(store),
  },
  PendingReviewConnection: {
    total: async (_page, _args, { store }) => await countPendingReviews(store),
  },
  PendingReview: {
    accesses: async ({ window }: PendingReviewRow, _args, { loaders }) =>
      await loaders.eventsByWindow.load(window),
  },
  Pruning: {
    indexes: async (pruning: PruningRow, _args, { loaders }) =>
      await findPrunedIndexes(loaders.audit, pruning),
  },
  Alert: {
    events: async ({ id }: AlertRow, _args, { loaders }) => await loaders.eventsByAlertId.load(id),
  },
};

interface LawfulHoldsArguments extends PageArguments {
  readonly childId?: string | null;
  readonly includeEnded?: boolean | null;
}
