import { describe, expect, test } from 'vitest';
import { composeChanged, composeWithHousing, refusals } from '../testing/agency.ts';

const fields = 'id: ID! @sensitivity(class: IDENTITY) tenancy: String @sensitivity(class: STATUS)';

describe('a subject key other than id', () => {
  test.each([
    ['in place of it', '@key(fields: "upn")'],
    ['beside it', '@key(fields: "id") @key(fields: "upn")'],
    ['together with it', '@key(fields: "id upn")'],
    ['that cannot be resolved', '@key(fields: "id") @key(fields: "upn", resolvable: false)'],
  ])('is refused: %s', (_case, key) => {
    const sdl = `type Child ${key} @subject { ${fields} upn: String @sensitivity(class: LOCATION) }`;
    expect(refusals(composeWithHousing(sdl))).toContain('SUBJECT_KEY_NOT_ID housing Child');
  });

  test('is refused on an interface that stands for a subject', () => {
    const sdl = `
      interface Tenant @key(fields: "name") { name: String @sensitivity(class: IDENTITY) }
      type Child implements Tenant @key(fields: "id") @subject { ${fields} name: String @sensitivity(class: IDENTITY) }`;
    expect(refusals(composeWithHousing(sdl))).toContain('SUBJECT_KEY_NOT_ID housing Tenant');
  });

  test('is refused when it is not an ID!', () => {
    const sdl = `type Child @key(fields: "id") @subject { id: ID @sensitivity(class: IDENTITY) }`;
    expect(refusals(composeWithHousing(sdl))).toContain('SUBJECT_KEY_NOT_ID housing Child.id');
  });

  test('none at all is refused', () => {
    const sdl = `type Child @subject { tenancy: String @sensitivity(class: STATUS) }`;
    expect(refusals(composeWithHousing(sdl))).toContain('SUBJECT_KEY_NOT_ID housing Child');
  });

  test('id alone composes, with white space or without', () => {
    expect(refusals(composeWithHousing(`type Child @key(fields: " id, ") @subject { ${fields} }`))).toEqual(
      [],
    );
  });
});

describe('the mark of a subject', () => {
  test('left out by one agency is refused', () => {
    expect(refusals(composeWithHousing(`type Child @key(fields: "id") { ${fields} }`))).toEqual([
      'SUBJECT_DISAGREES housing Child',
    ]);
  });

  test("put on another agency's type is refused", () => {
    const sdl = `type School @key(fields: "urn") @subject { urn: ID! @sensitivity(class: REFERENCE) }`;
    expect(refusals(composeWithHousing(sdl))).toContain('SUBJECT_DISAGREES housing School');
  });

  test('put on a root type, so that nothing below it counts as exposed, is refused', () => {
    const changed = composeChanged('health', 'type Query {', 'type Query @subject {');
    expect(refusals(changed)).toContain('SUBJECT_DISAGREES health Query');
  });

  test('under a name of its own composes', () => {
    const links = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", as: "fed")
      @link(url: "https://contactpoint.example/access/v1.0", as: "contactpoint")`;
    const sdl = `type Child @fed__key(fields: "id") @contactpoint__subject {
      id: ID! @contactpoint__sensitivity(class: IDENTITY)
      tenancy: String @contactpoint__sensitivity(class: STATUS)
    }`;
    expect(refusals(composeWithHousing(sdl, links))).toEqual([]);
  });
});
