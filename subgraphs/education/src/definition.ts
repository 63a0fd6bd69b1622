import { readContract } from '@contactpoint/contract/sdl';
import type { SubgraphDefinition } from '@contactpoint/subgraph-kit/subgraph';
import { createLoaders, type Loaders } from './loaders.ts';
import { resolvers } from './resolvers.ts';

/** What schools and the local authority's education service hold on children, and the register of schools. */
export const educationSubgraph: SubgraphDefinition<Loaders> = {
  name: 'education',
  typeDefs: readContract('education'),
  resolvers,
  migrations: new URL('../migrations/', import.meta.url),
  plansOnce: true,
  createLoaders,
};
