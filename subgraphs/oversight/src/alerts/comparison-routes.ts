import type { SubgraphDefinition, SubgraphServices } from '@contactpoint/subgraph-kit/subgraph';
import { systemRoute } from '@contactpoint/subgraph-kit/system-route';
import * as v from 'valibot';
import { keepComparisons, lendComparisons } from './comparisons.ts';
import type { AlertSettings } from './settings.ts';

type App = Parameters<NonNullable<SubgraphDefinition<unknown>['routes']>>[0];

const Comparison = v.strictObject({
  childId: v.string(),
  known: v.boolean(),
  related: v.boolean(),
  given: v.boolean(),
  ownFamily: v.boolean(),
  ownChild: v.boolean(),
  colleague: v.boolean(),
  outsideArea: v.boolean(),
  household: v.nullable(v.pipe(v.number(), v.integer())),
});

/** Strict, so that nothing but yes and no can come in, whatever a gateway sends along. */
const Compared = v.strictObject({
  days: v.array(
    v.strictObject({
      practitionerId: v.string(),
      day: v.pipe(v.string(), v.isoDate()),
      children: v.array(Comparison),
    }),
  ),
});

/**
 * Names, addresses and areas are the agencies' to know, and oversight has no way to them: the gateway has them compared.
 * `POST /alerts/owed` lists whom with whom, `{ days: [...] }`; `POST /alerts/compared` brings what came of it, 204.
 */
export function comparisonRoutes(app: App, services: SubgraphServices, settings: AlertSettings): void {
  const { store, clock } = services;
  systemRoute(app, services, {
    path: '/alerts/owed',
    audience: 'oversight',
    content: v.object({}),
    answer: async () => ({ days: await lendComparisons(store, clock()) }),
  });
  systemRoute(app, services, {
    path: '/alerts/compared',
    audience: 'oversight',
    content: Compared,
    async answer({ days }) {
      await keepComparisons(store, days, clock(), settings);
      return undefined;
    },
  });
}
