import type { ShopSubgraph } from './shop-subgraph.ts';

export const USERS = 6;

interface User {
  readonly id: string;
}

export const accounts: ShopSubgraph = {
  typeDefs: /* GraphQL */ `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
    type Query { users: [User!]! }
    type User @key(fields: "id") { id: ID! name: String! username: String! memberSince: Int! }
  `,
  resolvers: {
    Query: { users: () => Array.from({ length: USERS }, (_, place) => userOf(`u${place}`)) },
    User: { __resolveReference: ({ id }: User) => userOf(id) },
  },
};

function userOf(id: string) {
  const place = Number(id.slice(1));
  return { id, name: `Reader number ${place}`, username: `@reader-${place}`, memberSince: 2000 + place };
}
