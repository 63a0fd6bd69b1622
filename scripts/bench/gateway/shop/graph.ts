import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { accounts } from './accounts.ts';
import { inventory } from './inventory.ts';
import { products } from './products.ts';
import { reviews } from './reviews.ts';
import type { ShopSubgraph } from './shop-subgraph.ts';

export const SHOP = { accounts, inventory, products, reviews } as const satisfies Record<
  string,
  ShopSubgraph
>;

export type ShopName = keyof typeof SHOP;

/** @param urls GraphQL endpoint of each subgraph. @throws Error when it does not compose. */
export function composeShop(urls: Readonly<Record<ShopName, string>>): string {
  const names = Object.keys(SHOP) as ShopName[];
  const { supergraphSdl, errors } = composeServices(
    names.map((name) => ({ name, url: urls[name], typeDefs: parse(SHOP[name].typeDefs) })),
  );
  if (supergraphSdl === undefined) throw new Error(`The shop does not compose: ${errors?.[0]?.message}`);
  return supergraphSdl;
}
