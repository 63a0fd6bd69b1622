import type { ShopSubgraph } from './shop-subgraph.ts';

export const PRODUCTS = 9;

interface Product {
  readonly upc: string;
}

export const products: ShopSubgraph = {
  typeDefs: /* GraphQL */ `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
    type Query { topProducts(first: Int = 5): [Product!]! }
    type Product @key(fields: "upc") { upc: ID! name: String! price: Int! weight: Int! }
  `,
  resolvers: {
    Query: {
      topProducts: (_source: unknown, { first }: { readonly first: number }) =>
        Array.from({ length: Math.min(first, PRODUCTS) }, (_, place) => productOf(String(place))),
    },
    Product: { __resolveReference: ({ upc }: Product) => productOf(upc) },
  },
};

function productOf(upc: string) {
  const place = Number(upc);
  return { upc, name: `Picture book number ${place}`, price: 400 + 90 * place, weight: 100 + 50 * place };
}
