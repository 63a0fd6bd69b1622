import type { ShopSubgraph } from './shop-subgraph.ts';

interface Product {
  readonly upc: string;
  readonly price?: number;
  readonly weight?: number;
}

/** What needs price and weight of another subgraph: the one `@requires` of the graph. */
export const inventory: ShopSubgraph = {
  typeDefs: /* GraphQL */ `
    extend schema
      @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@requires"])
    type Product @key(fields: "upc") {
      upc: ID!
      price: Int! @external
      weight: Int! @external
      inStock: Boolean!
      shippingEstimate: Int! @requires(fields: "price weight")
    }
  `,
  resolvers: {
    Product: {
      __resolveReference: (product: Product) => product,
      inStock: ({ upc }: Product) => Number(upc) % 3 !== 0,
      shippingEstimate: ({ price = 0, weight = 0 }: Product) => (price > 1_000 ? 0 : weight / 2),
    },
  },
};
