import { describe, expect, test } from 'vitest';
import { federate } from './in-process.ts';

describe('keys', () => {
  const wards = federate({
    beds: {
      sdl: `
        type Query { beds: [Bed] }
        type Bed @key(fields: "number ward { code site { id } }") { number: Int! ward: Ward! }
        type Ward { code: String! @shareable site: Site! @shareable }
        type Site { id: ID! @shareable }
        `,
      resolvers: {
        Query: {
          beds: () => [
            { number: 1, ward: { code: 'A', site: { id: 's1' } } },
            null,
            { number: 2, ward: { code: 'B', site: { id: 's1' } } },
            { number: 1, ward: { code: 'A', site: { id: 's1' } } },
          ],
        },
      },
    },
    cleaning: {
      sdl: `
        type Bed @key(fields: "number ward { code site { id } }") { number: Int! ward: Ward! cleaned: String }
        type Ward { code: String! @shareable site: Site! @shareable }
        type Site { id: ID! @shareable }`,
      resolvers: {
        Bed: {
          __resolveReference: (bed: { number: number; ward: { code: string; site: { id: string } } }) => ({
            ...bed,
            cleaned: `${bed.ward.site.id}${bed.ward.code}${bed.number}`,
          }),
        },
      },
    },
  });

  test('of several fields, nested ones among them; equal entities once', async () => {
    wards.asked();
    const { data } = await wards.ask('{ beds { cleaned } }');
    expect(data).toEqual({
      beds: [{ cleaned: 's1A1' }, null, { cleaned: 's1B2' }, { cleaned: 's1A1' }],
    });
    expect(wards.asked()).toHaveLength(2);
  });

  const readers = federate({
    library: {
      sdl: `
        type Query { loans: [Loan] }
        type Loan { book: Book }
        type Book @key(fields: "isbn") { isbn: ID }`,
      resolvers: {
        Query: { loans: () => [{ book: { isbn: null } }, { book: { isbn: '7' } }, { book: null }] },
      },
    },
    catalogue: {
      sdl: 'type Book @key(fields: "isbn") { isbn: ID title: String }',
      resolvers: {
        Book: {
          __resolveReference: ({ isbn }: { isbn: string | null }) =>
            isbn === null ? null : { isbn, title: `t${isbn}` },
        },
      },
    },
  });

  test('a null one takes nothing away from the others', async () => {
    const { data } = await readers.ask('{ loans { book { title } } }');
    expect(data).toEqual({ loans: [{ book: { title: null } }, { book: { title: 't7' } }, { book: null }] });
  });
});

describe('@provides', () => {
  const zoo = federate({
    tours: {
      sdl: `
        type Query {
          tour: Tour @provides(fields: "animals { ... on Lion { name } }")
        }
        type Tour { id: ID! animals: [Animal] }
        union Animal = Lion | Wolf
        type Lion @key(fields: "id") { id: ID! name: String @external }
        type Wolf @key(fields: "id") { id: ID! }`,
      resolvers: {
        Query: {
          tour: () => ({
            id: 't',
            animals: [
              { __typename: 'Lion', id: 'l', name: 'Leo of the tour' },
              { __typename: 'Wolf', id: 'w', name: 'not provided' },
            ],
          }),
        },
      },
    },
    keepers: {
      sdl: `
        type Lion @key(fields: "id") { id: ID! name: String @shareable }
        type Wolf @key(fields: "id") { id: ID! name: String @shareable }`,
      resolvers: {
        Lion: { __resolveReference: () => ({ name: 'Leo' }) },
        Wolf: { __resolveReference: () => ({ name: 'Wulf' }) },
      },
    },
  });

  test('through a union: of one member what is provided, of the other what its own subgraph says', async () => {
    const { data } = await zoo.ask('{ tour { animals { ... on Lion { name } ... on Wolf { name } } } }');
    expect(data).toEqual({ tour: { animals: [{ name: 'Leo of the tour' }, { name: 'Wulf' }] } });
  });
});

describe('@override', () => {
  const moving = (labels: ReadonlySet<string>) =>
    federate(
      {
        old: {
          sdl: 'type Query { bus: Bus } type Bus @key(fields: "id") { id: ID! line: String fare: Int }',
          resolvers: {
            Query: { bus: () => ({ id: 'b', line: 'old', fare: 1 }) },
            Bus: { __resolveReference: () => ({ id: 'b', line: 'old', fare: 1 }) },
          },
        },
        new: {
          sdl: `type Bus @key(fields: "id") {
            id: ID!
            line: String @override(from: "old")
            fare: Int @override(from: "old", label: "fares-moved")
          }`,
          resolvers: { Bus: { __resolveReference: () => ({ line: 'new', fare: 2 }) } },
        },
      },
      labels,
    );

  test.each([
    ['without its label', new Set<string>(), { line: 'new', fare: 1 }],
    ['with its label', new Set(['fares-moved']), { line: 'new', fare: 2 }],
  ])('a field moves at once, one with a label %s', async (_case, labels, bus) => {
    expect((await moving(labels).ask('{ bus { line fare } }')).data).toEqual({ bus });
  });
});
