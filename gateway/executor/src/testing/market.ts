import { readFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, parse } from 'graphql';
import { MARKET_RESOLVERS } from './market-resolvers.ts';

/**
 * An invented supergraph of three subgraphs with everything an executor has to cope with: entities in two directions,
 * interfaces and unions over entities, one name with two types, nested lists, non-null fields that fail, and a data
 * subject (`Pupil`) that one subgraph leads to and another one knows things about.
 */
export const MARKET = ['products', 'reviews', 'users'] as const;
export type MarketSubgraph = (typeof MARKET)[number];

export const SUBJECT_TYPES: ReadonlySet<string> = new Set(['Pupil']);

export function marketSdl(name: MarketSubgraph): string {
  return readFileSync(new URL(`./market/${name}.graphql`, import.meta.url), 'utf8');
}

export function marketSupergraph(): string {
  const services = MARKET.map((name) => ({
    name,
    url: `http://${name}.example/graphql`,
    typeDefs: parse(marketSdl(name)),
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new Error(errors?.map((it) => it.message).join('\n'));
  return supergraphSdl;
}

export function marketSchema(name: MarketSubgraph): GraphQLSchema {
  return buildSubgraphSchema([
    { typeDefs: parse(marketSdl(name)), resolvers: MARKET_RESOLVERS[name] as never },
  ]);
}
