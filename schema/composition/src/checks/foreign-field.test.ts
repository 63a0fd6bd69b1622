import { describe, expect, test } from 'vitest';
import { composeWithHousing, refusals } from '../testing/agency.ts';

const child = (fields: string) =>
  `type Child @key(fields: "id") @subject @sensitivity(class: STATUS) { id: ID! @sensitivity(class: IDENTITY) ${fields} }`;
const school = (fields: string, key = 'urn') =>
  `type School @key(fields: "${key}") @sensitivity(class: REFERENCE) { ${fields} }`;

describe("another agency's field", () => {
  test.each([
    ['as it is', child('allergies: [String!] @sensitivity(class: SPECIAL)'), 'Child.allergies'],
    [
      'as @shareable',
      child('allergies: [String!] @shareable @sensitivity(class: SPECIAL)'),
      'Child.allergies',
    ],
    ['with another type', child('sdqScore: String @sensitivity(class: SPECIAL)'), 'Child.sdqScore'],
    [
      'with other arguments',
      child('attendance(since: Int!): Int @shareable @sensitivity(class: STATUS, minimal: true)'),
      'Child.attendance',
    ],
    ['@external', child('allergies: [String!] @external @sensitivity(class: SPECIAL)'), 'Child.allergies'],
    [
      'a root field',
      `${school('urn: ID!')} type Query { school(urn: ID!): School @shareable @sensitivity(class: REFERENCE) }`,
      'Query.school',
    ],
    ['a key made nullable', school('urn: ID'), 'School.urn'],
    ['a key behind a scope', school('urn: ID! @requiresScopes(scopes: [["housing"]])'), 'School.urn'],
    ['a key made invisible', school('urn: ID! @inaccessible'), 'School.urn'],
    ['a key with an argument', school('urn(form: Int): ID!'), 'School.urn'],
  ])('is refused: %s', (_case, sdl, coordinate) => {
    expect(refusals(composeWithHousing(sdl))).toContain(`FOREIGN_FIELD_CHANGED housing ${coordinate}`);
  });

  test.each([
    [
      'beside its own',
      school('urn: ID! postcode: String @external', 'urn") @key(fields: "postcode'),
      'School',
    ],
    [
      'to a type that has none: its values would travel in representations',
      'type Address @key(fields: "uprn") { uprn: String @external @sensitivity(class: LOCATION) tenure: String @sensitivity(class: REFERENCE) }',
      'Address',
    ],
  ])('a key is refused: %s', (_case, sdl, coordinate) => {
    expect(refusals(composeWithHousing(sdl))).toContain(`FOREIGN_KEY housing ${coordinate}`);
  });

  test("an agency's own fields on an entity compose", () => {
    expect(refusals(composeWithHousing(school('urn: ID! estates: [String!]') + child('rent: Int')))).toEqual(
      [],
    );
  });
});
