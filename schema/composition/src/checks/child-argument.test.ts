import { describe, expect, test } from 'vitest';
import { composeChanged, composeWithHousing, refusals } from '../testing/agency.ts';

describe('a child as argument outside the directory', () => {
  test.each([
    [
      'by number',
      'type Query { rent(childId: ID!): Int @sensitivity(class: REFERENCE) }',
      'Query.rent(childId:)',
    ],
    [
      'several',
      'type Query { rents(children: [ID!]!): Int @sensitivity(class: REFERENCE) }',
      'Query.rents(children:)',
    ],
    [
      'behind a scope',
      'type Query { rent(childId: ID!): Int @requiresScopes(scopes: [["h"]]) }',
      'Query.rent(childId:)',
    ],
    [
      'of a subscription',
      'type Subscription { raised(childId: ID!): Int @sensitivity(class: REFERENCE) }',
      'Subscription.raised(childId:)',
    ],
    [
      'within inputs',
      `input Period { filter: Filter } input Filter { period: Period, childId: ID }
       type Query { rent(period: Period): Int @sensitivity(class: REFERENCE) }`,
      'Query.rent(period:)',
    ],
    [
      "by another body's number",
      'scalar NhsNumber type Query { rent(of: NhsNumber!): Int @sensitivity(class: REFERENCE) }',
      'Query.rent(of:)',
    ],
    [
      'below an object',
      'type Flat @sensitivity(class: REFERENCE) { rent(pupil: String): Int }',
      'Flat.rent(pupil:)',
    ],
  ])('is refused: %s', (_case, sdl, coordinate) => {
    expect(refusals(composeWithHousing(sdl))).toEqual([`CHILD_AS_ARGUMENT housing ${coordinate}`]);
  });

  test("is refused in oversight's fields without a scope", () => {
    const changed = composeChanged(
      'oversight',
      'type Mutation {',
      'type Mutation {\n  forget(childId: ID!): Boolean @sensitivity(class: REFERENCE)\n',
    );
    expect(refusals(changed)).toEqual(['CHILD_AS_ARGUMENT oversight Mutation.forget(childId:)']);
  });

  test('arguments that name no child compose', () => {
    const sdl = `
      input Period { from: String }
      type Query { rents(estate: ID!, period: Period, withChildren: Boolean): Int @sensitivity(class: REFERENCE) }`;
    expect(refusals(composeWithHousing(sdl))).toEqual([]);
  });
});
