import { describe, expect, test } from 'vitest';
import { composeChanged, composeWithHousing, refusals } from '../testing/agency.ts';

describe('a classified field that cannot be null', () => {
  test.each([
    ['a scalar', 'type Tenancy @sensitivity(class: STATUS) { rent: Int! }', 'Tenancy.rent'],
    ['a list', 'type Tenancy @sensitivity(class: STATUS) { payments: [Int]! }', 'Tenancy.payments'],
    ['an `id` that is no ID', 'type Tenancy @sensitivity(class: STATUS) { id: String! }', 'Tenancy.id'],
    [
      'bookkeeping off a page',
      'type Tenancy @sensitivity(class: STATUS) { hasNextPage: Boolean! }',
      'Tenancy.hasNextPage',
    ],
    [
      'a count on a page',
      'type TenancyConnection @sensitivity(class: STATUS) { totalCount: Int! }',
      'TenancyConnection.totalCount',
    ],
  ])('is refused: %s', (_case, sdl, coordinate) => {
    expect(refusals(composeWithHousing(sdl))).toEqual([
      `CLASSIFIED_FIELD_NOT_NULLABLE housing ${coordinate}`,
    ]);
  });

  test('is refused as a root field', () => {
    const changed = composeChanged('directory', 'child(id: ID!): Child @', 'child(id: ID!): Child! @');
    expect(refusals(changed)).toEqual(['CLASSIFIED_FIELD_NOT_NULLABLE directory Query.child']);
  });

  test.each([
    ['REFERENCE', 'type Estate @sensitivity(class: REFERENCE) { name: String! }'],
    ['an id', 'type Tenancy @sensitivity(class: STATUS) { id: ID! }'],
    ['a list of what is never null', 'type Tenancy @sensitivity(class: STATUS) { payments: [Int!] }'],
    [
      'bookkeeping of a page',
      'type TenancyConnection @sensitivity(class: STATUS) { endCursor: String! hasNextPage: Boolean! }',
    ],
  ])('composes: %s', (_case, sdl) => {
    expect(refusals(composeWithHousing(sdl))).toEqual([]);
  });
});
