import { expect, test } from 'vitest';
import { coordinatesOf } from './coordinates.ts';

test('every field of a subgraph has its coordinate, those of an extension too', () => {
  const sdl = `
    type Child @key(fields: "id") { id: ID! conditions: [Condition!] }
    extend type Query { practice(odsCode: String!): Practice }
    interface Place { town: String }
    input Criteria { name: String }
    enum Sex { F M }`;
  expect([...coordinatesOf(sdl)]).toEqual(['Child.id', 'Child.conditions', 'Query.practice', 'Place.town']);
});
