import { describe, expect, test } from 'vitest';
import { composeWithHousing, refusals } from '../testing/agency.ts';

const child = 'type Child @key(fields: "id") @subject { id: ID! @sensitivity(class: IDENTITY) }';

describe('a way to a child outside the directory', () => {
  test.each([
    ['a root field', `${child} type Query { tenant: Child @sensitivity(class: REFERENCE) }`, 'Query.tenant'],
    [
      'a list behind a scope',
      `${child} type Query { tenants: [Child!] @requiresScopes(scopes: [["h"]]) }`,
      'Query.tenants',
    ],
    [
      'a mutation',
      `${child} type Mutation { evict: Child @sensitivity(class: REFERENCE) }`,
      'Mutation.evict',
    ],
    [
      'a subscription',
      `${child} type Subscription { movedIn: Child @sensitivity(class: REFERENCE) }`,
      'Subscription.movedIn',
    ],
    [
      'a subscription to something around it',
      `${child} type Move @sensitivity(class: REFERENCE) { tenant: Child }
       type Subscription { moves: Move @requiresScopes(scopes: [["h"]]) }`,
      'Subscription.moves',
    ],
    [
      'a field of an object',
      `${child} type Tenancy @sensitivity(class: STATUS) { tenant: Child }`,
      'Tenancy.tenant',
    ],
    [
      'a child of another child',
      'type Child @key(fields: "id") @subject { id: ID! @sensitivity(class: IDENTITY) flatmates: [Child!] @sensitivity(class: STATUS) }',
      'Child.flatmates',
    ],
    [
      'a union',
      `${child} union Tenant = Child type Query { tenant: Tenant @sensitivity(class: REFERENCE) }`,
      'Query.tenant',
    ],
    [
      'an interface',
      `interface Tenant { id: ID! @sensitivity(class: IDENTITY) }
       type Child implements Tenant @key(fields: "id") @subject { id: ID! @sensitivity(class: IDENTITY) }
       type Query { tenant: Tenant @sensitivity(class: REFERENCE) }`,
      'Query.tenant',
    ],
    [
      'a wrapper around a wrapper',
      `${child}
       type Flat @sensitivity(class: REFERENCE) { tenant: Child }
       type Estate @sensitivity(class: REFERENCE) { flats: [Flat!] }
       type Query { estate: Estate @sensitivity(class: REFERENCE) }`,
      'Query.estate',
    ],
    [
      'the root itself',
      'type Tenancy @sensitivity(class: REFERENCE) { query: Query } type Query { rents: Int @sensitivity(class: REFERENCE) }',
      'Tenancy.query',
    ],
    [
      'the root under another name',
      'schema { query: Root } type Tenancy @sensitivity(class: REFERENCE) { root: Root } type Root { rents: Int @sensitivity(class: REFERENCE) }',
      'Tenancy.root',
    ],
    [
      'a subject of the agency itself',
      'type Tenant @key(fields: "id") @subject { id: ID! @sensitivity(class: IDENTITY) } type Query { tenant: Tenant @sensitivity(class: REFERENCE) }',
      'Query.tenant',
    ],
  ])('is refused: %s', (_case, sdl, coordinate) => {
    expect(refusals(composeWithHousing(sdl))).toContain(`CHILD_OUTSIDE_DIRECTORY housing ${coordinate}`);
  });

  test('fields below a child compose, and so does a door of the directory', () => {
    const sdl = `
      type Child @key(fields: "id") @subject @sensitivity(class: STATUS) {
        id: ID! @sensitivity(class: IDENTITY)
        tenancy: Tenancy
      }
      type Tenancy @sensitivity(class: STATUS) { rent: Int estate: Estate }
      type Estate @key(fields: "code") @sensitivity(class: REFERENCE) { code: ID! name: String }
      type Query { estate(code: ID!): Estate @sensitivity(class: REFERENCE) }`;
    expect(refusals(composeWithHousing(sdl))).toEqual([]);
  });
});
