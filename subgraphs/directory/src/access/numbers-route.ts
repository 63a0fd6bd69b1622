import type { SubgraphDefinition, SubgraphServices } from '@contactpoint/subgraph-kit/subgraph';
import { systemRoute } from '@contactpoint/subgraph-kit/system-route';
import * as v from 'valibot';
import { numbersOf } from '../numbers-of.ts';

type App = Parameters<NonNullable<SubgraphDefinition<unknown>['routes']>>[0];

/** Children of one question at most. */
const MOST_CHILDREN = 100;

const Content = v.object({ children: v.pipe(v.array(v.string()), v.maxLength(MOST_CHILDREN)) });

/**
 * `POST /numbers`: under which numbers each of the children is known, `{ numbers: { NUMBER: [NUMBER, ...] } }`. For the
 * gateway, which tells oversight: what is on record of a child stands in the log under the number that was used then.
 */
export function numbersRoute(app: App, services: SubgraphServices): void {
  systemRoute(app, services, {
    path: '/numbers',
    audience: 'directory',
    content: Content,
    answer: async ({ children }) => ({
      numbers: Object.fromEntries(await numbersOf(services.store, children)),
    }),
  });
}
