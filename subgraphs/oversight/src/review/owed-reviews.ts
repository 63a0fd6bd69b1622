import type { Store } from '@contactpoint/subgraph-kit/store';
import type { SubgraphDefinition, SubgraphServices } from '@contactpoint/subgraph-kit/subgraph';
import { systemRoute } from '@contactpoint/subgraph-kit/system-route';
import * as v from 'valibot';

type App = Parameters<NonNullable<SubgraphDefinition<unknown>['routes']>>[0];

/** A review whose consequences are still to be drawn, as `POST /override-reviews/owed` answers it. */
export interface OwedReview {
  /** Place of the reviewed event. */
  readonly origin: string;
  readonly index: string;
  /** Who broke the glass. */
  readonly practitionerId: string | null;
  /** Names of the windows under which the event was decided. */
  readonly windows: readonly string[];
  readonly outcome: 'JUSTIFIED' | 'UNJUSTIFIED';
}

/** Reviews in one answer; the rest come with the next one. */
const MOST = 100;

const Place = v.object({ origin: v.string(), index: v.pipe(v.string(), v.regex(/^\d{1,18}$/)) });

/**
 * What follows from a review is for the gateway to do, for oversight has no way into accreditation.
 * `POST /override-reviews/owed` lists it, `{ reviews: [...] }`; `POST /override-reviews/carried-out` takes one off, 204.
 */
export function owedReviewsRoutes(app: App, services: SubgraphServices): void {
  const { store, clock } = services;
  systemRoute(app, services, {
    path: '/override-reviews/owed',
    audience: 'oversight',
    content: v.object({}),
    answer: async () => ({ reviews: await findOwedReviews(store) }),
  });
  systemRoute(app, services, {
    path: '/override-reviews/carried-out',
    audience: 'oversight',
    content: Place,
    async answer({ origin, index }) {
      await store`
        update override_review set carried_out_at = coalesce(carried_out_at, ${clock()})
        where origin = ${origin} and index = ${index}::bigint`;
      return undefined;
    },
  });
}

/** UNJUSTIFIED ones first, oldest first: an account that is to be suspended waits for nothing else. */
export async function findOwedReviews(sql: Store): Promise<readonly OwedReview[]> {
  return await sql<OwedReview[]>`
    select origin, index, practitioner_id as "practitionerId", override_windows as windows, outcome
    from override_review
    where carried_out_at is null
    order by outcome = 'UNJUSTIFIED' desc, reviewed_at
    limit ${MOST}`;
}
