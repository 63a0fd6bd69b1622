import { readContract } from '@contactpoint/contract/sdl';
import type { SubgraphDefinition } from '@contactpoint/subgraph-kit/subgraph';
import { createLoaders, type Loaders } from './loaders.ts';
import { resolvers } from './resolvers.ts';

/** What general practice, child health and hospitals hold on children. */
export const healthSubgraph: SubgraphDefinition<Loaders> = {
  name: 'health',
  typeDefs: readContract('health'),
  resolvers,
  migrations: new URL('../migrations/', import.meta.url),
  plansOnce: true,
  createLoaders,
};
