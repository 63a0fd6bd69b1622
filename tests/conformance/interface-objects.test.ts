import { describe, expect, test } from 'vitest';
import { federate } from './in-process.ts';

const PLACES = [
  { __typename: 'School', id: '1', name: 'Hill', pupils: 90 },
  { __typename: 'Clinic', id: '2', name: 'Vale', beds: 4 },
];
const byId = ({ id }: { id: string }) => PLACES.find((place) => place.id === id) ?? null;

const town = federate({
  places: {
    sdl: `
      type Query { places: [Place!] }
      interface Place @key(fields: "id") { id: ID! name: String }
      type School implements Place @key(fields: "id") { id: ID! name: String pupils: Int }
      type Clinic implements Place @key(fields: "id") { id: ID! name: String beds: Int }`,
    resolvers: {
      Query: { places: () => PLACES },
      Place: {
        __resolveType: ({ __typename }: { __typename: string }) => __typename,
        __resolveReference: byId,
      },
      School: { __resolveReference: byId },
      Clinic: { __resolveReference: byId },
    },
  },
  ratings: {
    sdl: `
      type Query { best: Place }
      type Place @key(fields: "id") @interfaceObject {
        id: ID!
        name: String @external
        stars: Int
        headline: String @requires(fields: "name")
      }`,
    resolvers: {
      Query: { best: () => ({ id: '2' }) },
      Place: {
        __resolveReference: (place: unknown) => place,
        stars: ({ id }: { id: string }) => Number(id) + 3,
        headline: ({ name }: { name: string }) => `${name}!`,
      },
    },
  },
});

describe('@interfaceObject', () => {
  test('a field of the interface, from a subgraph that knows none of its types', async () => {
    const { data, errors } = await town.ask('{ places { __typename name stars } }');
    expect(errors).toEqual([]);
    expect(data).toEqual({
      places: [
        { __typename: 'School', name: 'Hill', stars: 4 },
        { __typename: 'Clinic', name: 'Vale', stars: 5 },
      ],
    });
  });

  test('through one of its types', async () => {
    const { data } = await town.ask('{ places { ... on School { stars pupils } } }');
    expect(data).toEqual({ places: [{ stars: 4, pupils: 90 }, {}] });
  });

  test('an object that comes from that subgraph: another one is asked of which type it is', async () => {
    const { data } = await town.ask(
      '{ best { __typename stars ... on Clinic { beds } ... on School { pupils } } }',
    );
    expect(data).toEqual({ best: { __typename: 'Clinic', stars: 5, beds: 4 } });
  });

  test('a field that requires one of the interface', async () => {
    const { data } = await town.ask('{ best { headline } }');
    expect(data).toEqual({ best: { headline: 'Vale!' } });
  });

  test('a key that names nothing: null, and an error', async () => {
    const broken = federate({
      places: { sdl: SINGLE, resolvers: { School: { __resolveReference: () => null } } },
      ratings: {
        sdl: 'type Query { best: Place } type Place @key(fields: "id") @interfaceObject { id: ID! stars: Int }',
        resolvers: { Query: { best: () => ({ id: '9', stars: 1 }) } },
      },
    });
    const { data, errors } = await broken.ask('{ best { stars } }');
    expect(data).toEqual({ best: null });
    expect(errors.map(({ path }) => path)).toEqual([['best']]);
  });
});

const SINGLE = `
  type Query { none: School }
  interface Place @key(fields: "id") { id: ID! }
  type School implements Place @key(fields: "id") { id: ID! }`;

describe('an interface that no type implements', () => {
  const badges = federate({
    issuer: {
      sdl: 'type Query { issued: Badge } interface Badge @key(fields: "id") { id: ID! }',
      resolvers: { Query: { issued: () => null }, Badge: { __resolveType: () => 'Badge' } },
    },
    wearer: {
      sdl: `
        type Query { worn: Badge }
        type Badge @key(fields: "id", resolvable: false) @interfaceObject { id: ID! colour: String }`,
      resolvers: { Query: { worn: () => ({ id: 'b1', colour: 'red' }) } },
    },
  });

  test('is answered by the subgraph that has it as an object', async () => {
    const { data, errors } = await badges.ask('{ worn { id colour } }');
    expect(errors).toEqual([]);
    expect(data).toEqual({ worn: { id: 'b1', colour: 'red' } });
  });

  test('has no plan where nobody can be asked', async () => {
    await expect(badges.ask('{ issued { colour } }')).rejects.toMatchObject({ code: 'NO_PLAN' });
  });
});
