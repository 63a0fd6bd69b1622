import { readContract } from '@contactpoint/contract/sdl';
import type { SubgraphDefinition } from '@contactpoint/subgraph-kit/subgraph';
import { factsRoute } from './access/facts-route.ts';
import { numbersRoute } from './access/numbers-route.ts';
import { childResolvers } from './child/resolvers.ts';
import { comparisonsRoute } from './comparisons/comparisons-route.ts';
import { child } from './doors/child.ts';
import { childByIdentifier } from './doors/child-by-identifier.ts';
import { findChildren } from './doors/find-children.ts';
import { myCaseload } from './doors/my-caseload.ts';
import { createLoaders, type Loaders } from './loaders.ts';
import { endInvolvement } from './mutations/end-involvement.ts';
import { recordInvolvement } from './mutations/record-involvement.ts';
import { shieldChild, unshieldChild } from './mutations/shield.ts';

/** The directory: every way to a child that does not start at one, and who has to do with whom. */
export const directorySubgraph: SubgraphDefinition<Loaders> = {
  name: 'directory',
  pushesChanges: true,
  typeDefs: readContract('directory'),
  resolvers: {
    Query: { child, childByIdentifier, findChildren, myCaseload },
    Mutation: { recordInvolvement, endInvolvement, shieldChild, unshieldChild },
    Child: childResolvers,
  },
  migrations: new URL('../migrations/', import.meta.url),
  plansOnce: true,
  createLoaders,
  routes(app, services) {
    factsRoute(app, services);
    numbersRoute(app, services);
    comparisonsRoute(app, services);
  },
};
