import { describe, expect, test } from 'vitest';
import { compose } from '../compose.ts';
import { composeWithHousing, contract, LINKS, refusals } from '../testing/agency.ts';

/** Social care's placements with a key, which another agency may then know them by. */
const keyed = contract().map((subgraph) => ({
  ...subgraph,
  sdl: subgraph.sdl.replace(
    'type Placement @sensitivity(class: LOCATION) {',
    'type Placement @key(fields: "id") @sensitivity(class: LOCATION) { id: ID!',
  ),
}));

describe('an entity that is no person', () => {
  test("cannot describe one in another agency's part", () => {
    const sdl =
      'type School @key(fields: "urn") { urn: ID! @sensitivity(class: REFERENCE) excluded: Int @sensitivity(class: STATUS) }';
    expect(refusals(composeWithHousing(sdl))).toContain('CLASSIFIED_ENTITY_SHARED housing School.excluded');
  });

  test("cannot be one agency's placement and another's injury", () => {
    const sdl = `${LINKS} type Placement @key(fields: "id") @sensitivity(class: LOCATION) {
      id: ID! injury: String @sensitivity(class: SPECIAL) }`;
    const joined = compose([...keyed, { name: 'housing', url: 'http://127.0.0.1:4099/graphql', sdl }]);
    expect(refusals(joined)).toEqual(
      expect.arrayContaining([
        'CLASSIFIED_ENTITY_SHARED social-care Placement.id',
        'CLASSIFIED_ENTITY_SHARED housing Placement.injury',
      ]),
    );
  });

  test('may describe one where a single agency knows it', () => {
    expect(refusals(compose(keyed))).toEqual([]);
  });

  test("may grow by another agency's reference data", () => {
    const sdl = 'type School @key(fields: "urn") @sensitivity(class: REFERENCE) { urn: ID! homes: Int }';
    expect(refusals(composeWithHousing(sdl))).toEqual([]);
  });
});
