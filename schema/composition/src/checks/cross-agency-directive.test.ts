import { describe, expect, test } from 'vitest';
import { composeWithHousing, LINKS, refusals } from '../testing/agency.ts';

const child = (fields: string) =>
  `type Child @key(fields: "id") @subject @sensitivity(class: STATUS) { id: ID! @sensitivity(class: IDENTITY) ${fields} }`;
const upn = 'upn: Upn @external @sensitivity(class: LOCATION)';

describe("directives that reach into another agency's fields", () => {
  test.each([
    ['@requires', `scalar Upn ${child(`${upn} rent: Int @requires(fields: "upn")`)}`, 'Child.rent'],
    [
      '@external beside a use',
      `scalar Upn ${child(`${upn} rent: Int @requires(fields: "upn")`)}`,
      'Child.upn',
    ],
    [
      '@override',
      child('allergies: [String!] @override(from: "health") @sensitivity(class: SPECIAL)'),
      'Child.allergies',
    ],
    [
      '@override of some requests',
      child(
        'allergies: [String!] @override(from: "health", label: "percent(1)") @sensitivity(class: SPECIAL)',
      ),
      'Child.allergies',
    ],
    [
      '@provides',
      `type School @key(fields: "urn") @sensitivity(class: REFERENCE) { urn: ID! name: String @external }
       ${child('nearest: School @provides(fields: "name")')}`,
      'Child.nearest',
    ],
    [
      '@interfaceObject',
      'type Tenant @interfaceObject @key(fields: "id") @sensitivity(class: STATUS) { id: ID! }',
      'Tenant',
    ],
    [
      '@fromContext',
      `type Flat @key(fields: "id") @context(name: "flat") @sensitivity(class: STATUS) { id: ID! floor: Int room: Room }
       type Room @key(fields: "id") @sensitivity(class: STATUS) { id: ID! rent(floor: Int @fromContext(field: "$flat { floor }")): Int }`,
      'Room.rent(floor:)',
    ],
  ])('%s is refused', (_case, sdl, coordinate) => {
    expect(refusals(composeWithHousing(sdl))).toContain(`CROSS_AGENCY_DIRECTIVE housing ${coordinate}`);
  });

  test.each([
    [
      'imported under another name',
      LINKS.replace('"@override"', '{ name: "@override", as: "@ours" }'),
      '@ours',
    ],
    ['not imported', LINKS.replace('"@override", ', ''), '@federation__override'],
    [
      'under another prefix',
      LINKS.replace('/v2.9",', '/v2.9", as: "fed",').replace('"@override", ', ''),
      '@fed__override',
    ],
  ])('@override is refused %s', (_case, links, name) => {
    const sdl = child(`allergies: [String!] ${name}(from: "health") @sensitivity(class: SPECIAL)`);
    expect(refusals(composeWithHousing(sdl, links))).toContain(
      'CROSS_AGENCY_DIRECTIVE housing Child.allergies',
    );
  });

  test('a directive of the agency that is only called alike composes, and so does @external on a key', () => {
    const links = LINKS.replace('"@override", ', '');
    const sdl = `
      directive @override(by: String) on FIELD_DEFINITION
      type Child @key(fields: "id") @subject @sensitivity(class: STATUS) {
        id: ID! @external @sensitivity(class: IDENTITY)
        rent: Int @override(by: "council")
      }`;
    expect(refusals(composeWithHousing(sdl, links))).toEqual([]);
  });
});
