import { describe, expect, test } from 'vitest';
import { composeChanged, composeWithHousing, LINKS, refusals } from '../testing/agency.ts';

describe('a root field that does not say who may ask it', () => {
  test.each([
    ['nothing', 'type Query { rents: Int }', 'Query.rents'],
    ['@authenticated alone', 'type Query { rents: Int @authenticated }', 'Query.rents'],
    ['in a root type of another name', 'schema { query: Root } type Root { rents: Int }', 'Query.rents'],
    ['scopes that everybody has', 'type Query { rents: Int @requiresScopes(scopes: [[]]) }', 'Query.rents'],
    [
      'policies that everybody meets',
      'type Query { rents: Int @policy(policies: [["a"], []]) }',
      'Query.rents',
    ],
    ['in a mutation', 'type Mutation { raise: Int }', 'Mutation.raise'],
    ['in a subscription', 'type Subscription { raised: Int }', 'Subscription.raised'],
    [
      "a directive of the agency's own that is only called like a guard",
      'directive @ours__policy on FIELD_DEFINITION type Query { rents: Int @ours__policy }',
      'Query.rents',
    ],
  ])('is refused: %s', (_case, sdl, coordinate) => {
    expect(refusals(composeWithHousing(sdl))).toEqual([`ROOT_FIELD_UNGUARDED housing ${coordinate}`]);
  });

  test.each([
    ['@sensitivity', 'type Query { rents: Int @sensitivity(class: REFERENCE) }'],
    ['@requiresScopes', 'type Query { rents: Int @requiresScopes(scopes: [["housing:read"]]) }'],
    ['@sensitivity on a subscription', 'type Subscription { raised: Int @sensitivity(class: REFERENCE) }'],
    [
      'scopes on a subscription',
      'type Subscription { raised: Int @requiresScopes(scopes: [["housing:read"]]) }',
    ],
    ['@policy', 'type Query { rents: Int @policy(policies: [["tenants"]]) }'],
    [
      '@policy by another name',
      'type Query { rents: Int @rule(policies: [["tenants"]]) }',
      LINKS.replace('"@policy"', '{ name: "@policy", as: "@rule" }'),
    ],
  ])('composes with %s', (_case, sdl, links?: string) => {
    expect(refusals(composeWithHousing(sdl, links))).toEqual([]);
  });
});

describe('a field above REFERENCE outside a subject', () => {
  const tenancy = 'type Tenancy @sensitivity(class: STATUS) { rent: Int }';

  test.each([
    ['a root field itself', 'type Query { rents: Int @sensitivity(class: STATUS) }', 'Query.rents'],
    [
      'a subscription',
      'type Subscription { raised: Int @sensitivity(class: STATUS) }',
      'Subscription.raised',
    ],
    [
      'below a subscription',
      `${tenancy} type Subscription { t: Tenancy @sensitivity(class: REFERENCE) }`,
      'Tenancy.rent',
    ],
    [
      'below a root field',
      `${tenancy} type Query { t: Tenancy @sensitivity(class: REFERENCE) }`,
      'Tenancy.rent',
    ],
    [
      'below one behind a policy',
      `${tenancy} type Query { t: Tenancy @policy(policies: [["x"]]) }`,
      'Tenancy.rent',
    ],
    [
      'behind scopes that everybody has',
      `${tenancy} type Query { t: Tenancy @sensitivity(class: REFERENCE) @requiresScopes(scopes: [["a"], []]) }`,
      'Tenancy.rent',
    ],
    [
      'below a list in a union',
      `${tenancy} union Home = Tenancy type Query { homes: [Home!] @sensitivity(class: REFERENCE) }`,
      'Tenancy.rent',
    ],
    [
      "on another agency's reference entity",
      'type School @key(fields: "urn") @sensitivity(class: REFERENCE) { urn: ID! homeless: Int @sensitivity(class: STATUS) }',
      'School.homeless',
    ],
  ])('is refused: %s', (_case, sdl, coordinate) => {
    expect(refusals(composeWithHousing(sdl))).toContain(`CLASSIFIED_FIELD_EXPOSED housing ${coordinate}`);
  });

  test('is refused in the directory, where it is no door', () => {
    const changed = composeChanged(
      'directory',
      'type Query {',
      'type Query {\n addresses: [Address!] @sensitivity(class: IDENTITY)\n',
    );
    expect(refusals(changed)).toContain('CLASSIFIED_FIELD_EXPOSED directory Address.line1');
  });

  test('is refused on the way through a door when it is more than IDENTITY', () => {
    const changed = composeChanged('directory', 'score: Float', 'score: Float\n address: Address');
    expect(refusals(changed)).toContain('CLASSIFIED_FIELD_EXPOSED directory Address.line1');
  });

  test.each([
    [
      'below a child',
      `${tenancy} type Child @key(fields: "id") @subject { id: ID! @sensitivity(class: IDENTITY) tenancy: Tenancy @sensitivity(class: STATUS) }`,
    ],
    ['behind a scope', `${tenancy} type Query { t: Tenancy @requiresScopes(scopes: [["h"]]) }`],
    [
      'behind a scope on the way',
      `type Tenancy @sensitivity(class: STATUS) @requiresScopes(scopes: [["h"]]) { rent: Int } type Query { t: Tenancy @sensitivity(class: REFERENCE) }`,
    ],
  ])('composes %s', (_case, sdl) => {
    expect(refusals(composeWithHousing(sdl))).toEqual([]);
  });
});

describe("a name of federation's own", () => {
  test.each([
    ['a type', 'type join__Secret @sensitivity(class: SEALED) { value: String }', 'join__Secret'],
    [
      'a root field',
      'type Query { link__secret: String @sensitivity(class: REFERENCE) }',
      'Query.link__secret',
    ],
  ])('is refused for %s', (_case, sdl, coordinate) => {
    expect(refusals(composeWithHousing(sdl))).toContain(`RESERVED_NAME housing ${coordinate}`);
  });

  test('composes in the definitions that a printed schema carries', () => {
    const sdl = 'scalar federation__FieldSet type Query { rents: Int @sensitivity(class: REFERENCE) }';
    expect(refusals(composeWithHousing(sdl))).toEqual([]);
  });
});
