import { describe, expect, test } from 'vitest';
import { loadSupergraph } from './supergraph.ts';
import { contractSupergraphSdl } from './testing/contract-supergraph.ts';

const sdl = contractSupergraphSdl();

describe('loadSupergraph', () => {
  const supergraph = loadSupergraph(sdl, 1_000);

  test('knows each subgraph’s endpoint by its name', () => {
    expect(supergraph.endpoints).toMatchObject({
      directory: 'http://directory.invalid/graphql',
      'social-care': 'http://social-care.invalid/graphql',
    });
    expect(Object.keys(supergraph.endpoints)).toHaveLength(6);
  });

  test.each([
    ['Child.familyName', 'DIRECTORY'],
    ['Child.attendance', 'EDUCATION'],
    ['Child.conditions', 'HEALTH'],
    ['Child.socialCare', 'SOCIAL_CARE'],
    ['Child.id', 'DIRECTORY'],
    ['SocialCare.status', undefined],
    ['Child.constructor', undefined],
  ])('%s shows the record of %s', (coordinate, sector) => {
    expect(supergraph.sectorOfSubjectField(coordinate)).toBe(sector);
  });

  test.each([
    ['health', 'HEALTH'],
    ['accreditation', undefined],
    ['oversight', undefined],
    ['constructor', undefined],
    ['__proto__', undefined],
  ])('the subgraph %s holds the record of %s', (subgraph, sector) => {
    expect(supergraph.sectorOfSubgraph(subgraph)).toBe(sector);
  });

  test('each version of the schema has its own name', () => {
    expect(loadSupergraph(`${sdl}\n`, 1_000).version).not.toBe(supergraph.version);
    expect(loadSupergraph(sdl, 1_000).version).toBe(supergraph.version);
  });

  test.each<[string, string, string]>([
    ['without subgraphs', 'type Query { a: Int }', 'names no subgraph'],
    [
      'with a child’s field that two agencies resolve',
      sdl.replace(
        'conditions: [Condition!] @join__field(graph: HEALTH)',
        'conditions: [Condition!] @join__field(graph: HEALTH) @join__field(graph: EDUCATION)',
      ),
      'Child.conditions is resolved by several subgraphs',
    ],
    [
      'with a child’s field in a subgraph of no sector',
      sdl.replace(
        'conditions: [Condition!] @join__field(graph: HEALTH)',
        'conditions: [Condition!] @join__field(graph: OVERSIGHT)',
      ),
      'subgraph "oversight" has no sector',
    ],
    [
      'with a field that takes another agency’s value along',
      sdl.replace(
        'practitionerName: String @sensitivity',
        'practitionerName: String @join__field(graph: DIRECTORY, requires: "phone") @sensitivity',
      ),
      'Involvement.practitionerName takes along what nobody selected',
    ],
    [
      'with a field that takes a value from above along',
      sdl.replace(
        'practitionerName: String @sensitivity',
        'practitionerName: String @join__field(graph: DIRECTORY, contextArguments: []) @sensitivity',
      ),
      'Involvement.practitionerName takes along what nobody selected',
    ],
    [
      'with a key that says more than who the child is',
      sdl.replace(
        /type Child(.*?)@join__type\(graph: HEALTH, key: "id"\)/s,
        'type Child$1@join__type(graph: HEALTH, key: "id upn")',
      ),
      'Child has a key that is not its id: "id upn"',
    ],
    [
      'with an unclassified field',
      sdl.replace(/(conditions: \[Condition!\] @join__field\(graph: HEALTH\)).*/, '$1'),
      'Child.conditions',
    ],
  ])('does not serve a supergraph %s', (_case, changed, message) => {
    expect(changed).not.toBe(sdl);
    expect(() => loadSupergraph(changed, 1_000)).toThrow(message);
  });
});
