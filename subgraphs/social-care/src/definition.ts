import { readContract } from '@contactpoint/contract/sdl';
import type { SubgraphDefinition } from '@contactpoint/subgraph-kit/subgraph';
import { createLoaders, type Loaders } from './loaders.ts';
import { resolvers } from './resolvers.ts';

/** Social care: status, referrals, enquiries, plans, care episodes and reviews of a child. */
export const socialCareSubgraph: SubgraphDefinition<Loaders> = {
  name: 'social-care',
  typeDefs: readContract('social-care'),
  resolvers,
  migrations: new URL('../migrations/', import.meta.url),
  plansOnce: true,
  createLoaders,
};
