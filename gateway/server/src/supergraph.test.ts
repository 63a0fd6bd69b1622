import { describe, expect, test } from 'vitest';
import { loadSupergraph } from './supergraph.ts';
import { contractSupergraphSdl } from './testing/contract-supergraph.ts';

const sdl = contractSupergraphSdl();

/** The contract's supergraph, as somebody else's composer might have made it with one more root field. */
function withRootField(field: string): string {
  return sdl.replace(/type Query\n[^{]*\{\n/, `$&  ${field}\n`);
}

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
      'Child.conditions belongs to education; leave it out',
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
      'Involvement.practitionerName: @requires makes fields of one agency depend',
    ],
    [
      'with a field that takes a value from above along',
      sdl.replace(
        'practitionerName: String @sensitivity',
        'practitionerName: String @join__field(graph: DIRECTORY, contextArguments: []) @sensitivity',
      ),
      'Involvement.practitionerName: @fromContext makes fields of one agency depend',
    ],
    [
      'with a key that says more than who the child is',
      sdl.replace(
        /type Child(.*?)@join__type\(graph: HEALTH, key: "id"\)/s,
        'type Child$1@join__type(graph: HEALTH, key: "id upn")',
      ),
      '(fields: "id"), not "id upn" (SUBJECT_KEY_NOT_ID)',
    ],
    [
      'with a way to a record outside the directory',
      withRootField(
        'conditionsOfPatient(nhsNumber: NhsNumber!): [Condition!] @join__field(graph: HEALTH) @authenticated @sensitivity(class: SPECIAL)',
      ),
      'Query.conditionsOfPatient is SPECIAL and can be asked for from Query.conditionsOfPatient for no child in particular',
    ],
    [
      'with a number of a child as argument outside the directory',
      withRootField(
        'hasRecord(nhsNumber: NhsNumber!): Boolean @join__field(graph: HEALTH) @authenticated @sensitivity(class: REFERENCE)',
      ),
      '(CHILD_AS_ARGUMENT)',
    ],
    [
      'with a child outside the directory',
      withRootField(
        'patient: Child @join__field(graph: HEALTH) @authenticated @sensitivity(class: IDENTITY)',
      ),
      'Query.patient: Query.patient is of type Child: only directory leads to a data subject',
    ],
    [
      'with a child one step outside the directory',
      withRootField(
        'ward: Ward @join__field(graph: HEALTH) @authenticated @sensitivity(class: REFERENCE)',
      ).replace(
        'type Practice',
        'type Ward @join__type(graph: HEALTH) { patient: Child @sensitivity(class: REFERENCE) }\ntype Practice',
      ),
      'Query.ward: Query.ward leads to a data subject through Ward',
    ],
    [
      'in which nobody is a data subject',
      sdl.replaceAll(/^\s*@subject$/gm, '').replaceAll(' @subject\n', '\n'),
      'marks no type with @subject',
    ],
    [
      'with two subgraphs of one name',
      sdl.replace('@join__graph(name: "health"', '@join__graph(name: "directory"'),
      'two subgraphs of one name',
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
