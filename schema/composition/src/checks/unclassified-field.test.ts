import { describe, expect, test } from 'vitest';
import { composeWithHousing, refusals } from '../testing/agency.ts';

describe('unclassified field', () => {
  test.each([
    ['has no class', 'type Tenancy { rent: Int }', 'Tenancy.rent'],
    [
      'states two classes',
      'type Tenancy { rent: Int @sensitivity(class: REFERENCE) @sensitivity(class: STATUS) }',
      'Tenancy.rent',
    ],
    [
      'inherits two defaults',
      'type Tenancy @sensitivity(class: STATUS) { rent: Int } extend type Tenancy @sensitivity(class: REFERENCE)',
      'Tenancy.rent',
    ],
    [
      'stands in an interface',
      'interface Home { rent: Int } type Tenancy implements Home @sensitivity(class: STATUS) { rent: Int }',
      'Home.rent',
    ],
    [
      "would inherit another agency's default",
      'type Child @key(fields: "id") @subject { id: ID! @sensitivity(class: IDENTITY) tenancy: String }',
      'Child.tenancy',
    ],
  ])('is refused when it %s', (_case, sdl, coordinate) => {
    expect(refusals(composeWithHousing(sdl))).toContain(`FIELD_UNCLASSIFIED housing ${coordinate}`);
  });

  test.each([
    ['its own class', 'type Tenancy { rent: Int @sensitivity(class: STATUS) }'],
    ["its type's", 'type Tenancy @sensitivity(class: STATUS) { rent: Int }'],
    [
      "its type's, from an extension",
      'type Tenancy { rent: Int } extend type Tenancy @sensitivity(class: STATUS)',
    ],
    [
      'the class under a name of its own',
      'type Tenancy { rent: Int @harm(class: STATUS) }',
      `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9")
        @link(url: "https://contactpoint.example/access/v1.0", import: [{ name: "@sensitivity", as: "@harm" }])`,
    ],
  ])('composes with %s', (_case, sdl, links?: string) => {
    expect(refusals(composeWithHousing(sdl, links))).toEqual([]);
  });
});
