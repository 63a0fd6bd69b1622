import { describe, expect, test } from 'vitest';
import { composeChanged, composeWithHousing, refusals } from '../testing/agency.ts';

const contact = (shareable: string, more = '', guard = '') => `
  type Contact ${shareable} ${guard} @sensitivity(class: INVOLVEMENT) {
    name: String role: String organisation: String phone: String email: String ${more}
  }`;

describe('a type that several agencies define', () => {
  test.each([
    ['an object with a field more', contact('@shareable', 'fax: String'), 'Contact'],
    ['an object that is not shareable', contact(''), 'Contact'],
    [
      'an object that only its owner has',
      'type Address @sensitivity(class: LOCATION) { tenure: String }',
      'Address',
    ],
    ['an enum with a value more', 'enum Sex { MALE FEMALE INDETERMINATE UNKNOWN OTHER }', 'Sex'],
    ['an enum with a value less', 'enum ConsentBasis { EXPLICIT_CONSENT }', 'ConsentBasis'],
    [
      'an input with a field less, which would take it from the owner',
      'input ChildSearch { familyName: String! givenName: String! dateOfBirth: Date! } scalar Date',
      'ChildSearch',
    ],
    ['another kind', 'enum Upn { A }', 'Upn'],
  ])('is refused: %s', (_case, sdl, name) => {
    expect(refusals(composeWithHousing(sdl))).toContain(`SHARED_TYPE_DIFFERS housing ${name}`);
  });

  test.each([
    ['a scalar behind a scope', 'scalar Date @requiresScopes(scopes: [["housing"]])', 'Date'],
    ['a shared object made invisible', contact('@shareable', '', '@inaccessible'), 'Contact'],
    [
      "another agency's entity behind a policy",
      'type Child @key(fields: "id") @subject @policy(policies: [["housing"]]) { id: ID! @sensitivity(class: IDENTITY) }',
      'Child',
    ],
  ])('may not be guarded or hidden by one of them: %s', (_case, sdl, name) => {
    expect(refusals(composeWithHousing(sdl))).toContain(`SHARED_TYPE_GUARD_DIFFERS housing ${name}`);
  });

  test('a root type may not be guarded at all', () => {
    const changed = composeChanged('health', 'type Query {', 'type Query @authenticated {');
    expect(refusals(changed)).toContain('SHARED_TYPE_GUARD_DIFFERS health Query');
  });

  test.each([
    ['the same object, shareable', contact('@shareable')],
    ['the same enum in another order', 'enum Sex { UNKNOWN FEMALE MALE INDETERMINATE }'],
    ['the same scalar', 'scalar Date'],
  ])('composes: %s', (_case, sdl) => {
    expect(refusals(composeWithHousing(sdl))).toEqual([]);
  });
});
