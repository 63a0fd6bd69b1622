import { USERS } from './accounts.ts';
import { PRODUCTS } from './products.ts';
import type { ShopSubgraph } from './shop-subgraph.ts';

const REVIEWS = Array.from({ length: 11 }, (_, place) => ({
  id: `r${place}`,
  body: `Read aloud ${place + 1} times, and asked for again each time`,
  author: { __typename: 'User', id: `u${place % USERS}` },
  product: { __typename: 'Product', upc: String((place * 2) % PRODUCTS) },
}));

export const reviews: ShopSubgraph = {
  typeDefs: /* GraphQL */ `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
    type Review @key(fields: "id") { id: ID! body: String! author: User! product: Product! }
    type User @key(fields: "id") { id: ID! reviews: [Review!]! }
    type Product @key(fields: "upc") { upc: ID! reviews: [Review!]! }
  `,
  resolvers: {
    User: { reviews: ({ id }: { readonly id: string }) => REVIEWS.filter(({ author }) => author.id === id) },
    Product: {
      reviews: ({ upc }: { readonly upc: string }) => REVIEWS.filter(({ product }) => product.upc === upc),
    },
    Review: {
      __resolveReference: ({ id }: { readonly id: string }) => REVIEWS.find((review) => review.id === id),
    },
  },
};
