import { describe, expect, test } from 'vitest';
import { federate } from './in-process.ts';

const BOOK = { __typename: 'Book', id: 'b', title: 'T' };
const SONG = { __typename: 'Song', id: 's', title: 'S' };

const media = federate({
  library: {
    sdl: `
      type Query { shelf: [Item] @shareable found: Book @shareable level: Level hidden: String @inaccessible }
      union Item = Book | Song
      type Book @key(fields: "id") { id: ID! title: String @shareable pages: Int }
      type Song @key(fields: "id") { id: ID! title: String @shareable }
      enum Level { LOW HIGH SECRET @inaccessible }`,
    resolvers: {
      Query: { shelf: () => [BOOK], found: () => BOOK, level: () => 'SECRET', hidden: () => 'hidden' },
      Book: { __resolveReference: () => BOOK, pages: () => 12 },
      Song: { __resolveReference: () => SONG },
      Item: { __resolveType: ({ __typename }: { __typename: string }) => __typename },
    },
  },
  cinema: {
    sdl: `
      type Query { shelf: [Item] @shareable found: Item @shareable films: [Film] @shareable }
      type Mutation { watch(id: ID!): Film }
      union Item = Book | Film
      type Book @key(fields: "id") { id: ID! title: String @shareable blurb: String }
      type Film @key(fields: "id") { id: ID! title: String }`,
    resolvers: {
      Query: { shelf: () => [BOOK], found: () => BOOK, films: () => [{ id: 'f', title: 'F' }] },
      Mutation: { watch: (_root: unknown, { id }: { id: string }) => ({ id, title: `seen ${id}` }) },
      Book: { __resolveReference: () => BOOK, blurb: () => 'B' },
      Film: { __resolveReference: () => ({ id: 'f', title: 'F' }) },
      Item: { __resolveType: ({ __typename }: { __typename: string }) => __typename },
    },
  },
});

describe('types that subgraphs know in part', () => {
  test('a union member that the asked subgraph lacks stays empty, and breaks nothing', async () => {
    const { data, errors } = await media.ask(
      '{ shelf { __typename ... on Film { title } ... on Book { title pages blurb } } }',
    );
    expect(errors).toEqual([]);
    expect((data?.['shelf'] as unknown[] | undefined)?.[0]).toEqual({
      __typename: 'Book',
      title: 'T',
      pages: 12,
      blurb: 'B',
    });
  });

  test('one field, an object to one subgraph and a union to the other', async () => {
    const { data, errors } = await media.ask(
      '{ found { __typename ... on Book { blurb } ... on Film { id } } }',
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({ found: { __typename: 'Book', blurb: 'B' } });
  });

  test('an enum value that clients may not know is null, and an error at its path', async () => {
    const { data, errors } = await media.ask('{ level }');
    expect(data).toEqual({ level: null });
    expect(errors.map(({ path }) => path)).toEqual([['level']]);
  });

  test('an inaccessible field is no field', async () => {
    await expect(media.ask('{ hidden }')).rejects.toThrow('Cannot query field "hidden"');
  });
});

test('a skipped deed is not done, whatever stands beside it', async () => {
  media.asked();
  const { data } = await media.ask(
    'mutation($yes: Boolean!) { a: watch(id: "1") @skip(if: $yes) { id } b: watch(id: "2") { title } }',
    { yes: true },
  );
  expect(data).toEqual({ b: { title: 'seen 2' } });
  expect(media.asked()).toEqual(['cinema: mutation{b:watch(id:"2"){title}}']);
});
