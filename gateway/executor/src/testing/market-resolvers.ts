import { GraphQLError } from 'graphql';
import { MAKERS, type NoteRow, PETS, PRODUCTS, PUPILS, REVIEWS, USERS } from './market-stock.ts';

/** A failure whose text must never reach a client. */
function fail(): never {
  throw new Error('SECRET: row 4711 of table records');
}

type Resolver = (source: never, args: never, context: unknown, info: unknown) => unknown;
type Resolvers = Record<string, Record<string, Resolver>>;

interface Keyed {
  readonly id: string;
}

const byId =
  <Row extends Keyed>(rows: readonly Row[]) =>
  (_source: unknown, { id }: Keyed): Row | null =>
    rows.find((row) => row.id === id) ?? null;

const reference =
  <Row extends Keyed>(rows: readonly Row[]) =>
  ({ id }: Keyed): Row | null =>
    rows.find((row) => row.id === id) ?? null;

const typeOf = (row: Keyed): string => {
  if (row.id.startsWith('p')) return 'Product';
  if (row.id.startsWith('m')) return 'Maker';
  return row.id.startsWith('u') ? 'User' : 'Pupil';
};

/** Answers of the market's subgraphs. */
export const MARKET_RESOLVERS: Readonly<Record<'products' | 'reviews' | 'users', Resolvers>> = {
  products: {
    Query: {
      product: byId(PRODUCTS),
      products: (_source, { first }: { first: number }) => PRODUCTS.slice(0, first),
      shelf: () => [[PRODUCTS[0], null], null, [PRODUCTS[1], PRODUCTS[2], PRODUCTS[0]]],
      search: (_source, { text }: { text: string }) =>
        [...PRODUCTS, ...MAKERS].filter((row) => row.id.includes(text)),
      node: (_source, { id }: Keyed) => [...PRODUCTS, ...MAKERS].find((row) => row.id === id) ?? null,
      nodes: () => [PRODUCTS[0], MAKERS[0], null, PRODUCTS[2]],
      mixed: () => [MAKERS[0], PRODUCTS[3]],
      find: (_source, { filter }: { filter: { ids: string[]; limit: number } }) =>
        PRODUCTS.filter(({ id }) => filter.ids.includes(id)).slice(0, filter.limit),
      broken: fail,
      strictProducts: () => [PRODUCTS[0], PRODUCTS[4]],
    },
    Node: { __resolveType: typeOf },
    SearchHit: { __resolveType: typeOf },
    Product: {
      __resolveReference: reference(PRODUCTS),
      price: ({ price }: { price: number }, { currency }: { currency: string }) =>
        currency === 'EUR' ? price * 2 : price,
      maker: ({ makerId }: { makerId: string | null }) => MAKERS.find(({ id }) => id === makerId) ?? null,
      related: ({ relatedIds }: { relatedIds: readonly string[] }) =>
        relatedIds.map((id) => PRODUCTS.find((row) => row.id === id) ?? null),
      failing: ({ id }: Keyed) => (id === 'p2' ? fail() : `fine ${id}`),
      mandatory: ({ id }: Keyed) => (id === 'p5' ? fail() : `there ${id}`),
    },
    Maker: { __resolveReference: reference(MAKERS) },
  },
  reviews: {
    Query: { review: byId(REVIEWS), reviews: () => REVIEWS, latest: () => [REVIEWS[2], REVIEWS[0]] },
    Mutation: {
      addReview: (_source, { input }: { input: { productId: string; body: string; score: number } }) => ({
        id: `r-${input.productId}`,
        authorId: 'u1',
        ...input,
      }),
      removeReview: (_source, { id }: Keyed) => (id === 'r1' ? REVIEWS[0] : fail()),
      refuse: () => {
        throw new GraphQLError('The record of Jane Doe says otherwise', {
          extensions: { code: 'BAD_USER_INPUT', argument: 'reason', record: 'Jane Doe' },
        });
      },
    },
    Product: {
      async __resolveReference({ id }: Keyed) {
        if (id === 'p4') return fail();
        return id === 'p3' ? null : { id };
      },
      reviews: ({ id }: Keyed, { first }: { first: number }) =>
        REVIEWS.filter(({ productId }) => productId === id).slice(0, first),
      rating: ({ id }: Keyed) => (id === 'p2' ? fail() : 4.5),
      verdict: ({ id }: Keyed) => (id === 'p5' ? null : `good ${id}`),
    },
    Review: {
      __resolveReference: reference(REVIEWS),
      author: ({ authorId }: { authorId: string }) => ({ id: authorId }),
      product: ({ productId }: { productId: string }) => ({ id: productId }),
    },
    User: {
      reviews: ({ id }: Keyed) => REVIEWS.filter(({ authorId }) => authorId === id),
    },
    Pupil: {
      __resolveReference: ({ id }: Keyed) => (id === 'k9' ? null : { id }),
      notes: ({ id }: Keyed): NoteRow[] | null =>
        id === 'k3'
          ? null
          : [
              { text: `note on ${id}`, weight: 1 },
              { text: 'second', weight: 2 },
            ],
      grade: ({ id }: Keyed) => (id === 'k2' ? fail() : 7),
      favourite: () => ({ id: 'p1' }),
    },
  },
  users: {
    Query: {
      me: () => USERS[0],
      user: byId(USERS),
      pets: () => PETS,
      pupil: byId(PUPILS),
      pupils: () => [PUPILS[0], PUPILS[1], null, PUPILS[2], PUPILS[0]],
      strictPupils: () => [PUPILS[0], PUPILS[1]],
      holders: () => [USERS[0], PUPILS[0], USERS[1]],
    },
    Pet: { __resolveType: (row: { meows?: number }) => (row.meows === undefined ? 'Dog' : 'Cat') },
    Holder: { __resolveType: typeOf },
    User: {
      __resolveReference: reference(USERS),
      address: ({ id }: Keyed) =>
        id === 'u2' ? fail() : { town: 'Leeds', lines: [['1', 'High St'], ['Flat 2']] },
    },
    Pupil: {
      __resolveReference: reference(PUPILS),
      friends: () => [PUPILS[1], PUPILS[2]],
    },
  },
};
