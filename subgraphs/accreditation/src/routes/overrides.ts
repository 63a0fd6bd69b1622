import { overrideDigest } from '@contactpoint/access/grant';
import type { OverrideAnswer, OverrideRequest } from '@contactpoint/access/override';
import { batchedRoute } from '@contactpoint/subgraph-kit/granted-requests';
import type { SubgraphDefinition, SubgraphServices } from '@contactpoint/subgraph-kit/subgraph';
import { systemRoute } from '@contactpoint/subgraph-kit/system-route';
import * as v from 'valibot';
import { closeReview } from '../overrides/close-review.ts';
import { openOverride } from '../overrides/open-override.ts';

type App = Parameters<NonNullable<SubgraphDefinition<unknown>['routes']>>[0];

const Request = v.object({ childId: v.pipe(v.string(), v.maxLength(40)), accessGrant: v.string() });

const Reviewed = v.object({
  windows: v.pipe(v.array(v.string()), v.maxLength(100)),
  outcome: v.picklist(['JUSTIFIED', 'UNJUSTIFIED']),
});

/**
 * `POST /overrides`: practitioners break the glass, each for one child and under a grant of their own; answered once the
 * window is durable. `POST /overrides/reviewed`: the gateway tells what came of the review; 204.
 */
export function overridesRoutes(app: App, services: SubgraphServices): void {
  const { store, clock } = services;
  batchedRoute<OverrideRequest, OverrideAnswer>(app, services, {
    path: '/overrides',
    audience: 'accreditation',
    operation: 'overrides',
    request: Request,
    digestOf: ({ childId }) => overrideDigest(childId),
    childrenOf: ({ childId }) => [childId],
    async answer(granted) {
      const answers: OverrideAnswer[] = [];
      // One after the other: each takes a connection, and those of one practitioner wait for one another.
      for (const { request, grant } of granted) {
        const asked = { practitionerId: grant.sub, childId: request.childId, evt: grant.evt };
        answers.push(await openOverride(store, asked, clock()));
      }
      return answers;
    },
  });
  systemRoute(app, services, {
    path: '/overrides/reviewed',
    audience: 'accreditation',
    content: Reviewed,
    async answer({ windows, outcome }) {
      await closeReview(store, windows, outcome, clock());
      return undefined;
    },
  });
}
