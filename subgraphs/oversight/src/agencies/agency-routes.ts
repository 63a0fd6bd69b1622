import { ANSWER_LIMITS } from '@contactpoint/access/agency-report';
import type { SubgraphDefinition, SubgraphServices } from '@contactpoint/subgraph-kit/subgraph';
import { systemRoute } from '@contactpoint/subgraph-kit/system-route';
import * as v from 'valibot';
import { keepReports } from './agency-reports.ts';

type App = Parameters<NonNullable<SubgraphDefinition<unknown>['routes']>>[0];

const Count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e9));

const Reports = v.strictObject({
  instance: v.pipe(v.string(), v.maxLength(200)),
  agencies: v.pipe(
    v.array(
      v.strictObject({
        agency: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,62}$/)),
        well: v.boolean(),
        answered: Count,
        unanswered: Count,
        within: v.pipe(v.array(Count), v.length(ANSWER_LIMITS.length + 1)),
      }),
    ),
    v.maxLength(200),
  ),
});

/**
 * `POST /agencies/reported`: how agencies answered a gateway since it last said so, 204. Oversight asks no agency itself: it
 * has no way to them, and would see another road than the one that requests take.
 */
export function agencyRoutes(app: App, services: SubgraphServices): void {
  const { store, clock } = services;
  systemRoute(app, services, {
    path: '/agencies/reported',
    audience: 'oversight',
    content: Reports,
    async answer({ instance, agencies }) {
      await keepReports(store, instance, agencies, clock());
      return undefined;
    },
  });
}
