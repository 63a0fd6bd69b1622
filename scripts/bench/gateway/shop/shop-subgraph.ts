import type { GraphQLResolverMap } from '@apollo/subgraph';

/** A subgraph without a store: four of them are what other gateways are usually measured on. */
export interface ShopSubgraph {
  readonly typeDefs: string;
  readonly resolvers: GraphQLResolverMap<unknown>;
}
