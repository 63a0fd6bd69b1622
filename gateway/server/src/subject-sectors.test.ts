import { readSubjectTypes } from '@contactpoint/access/classification';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import { readSubjectSectors, SupergraphError } from './subject-sectors.ts';
import { contractSupergraphSdl } from './testing/contract-supergraph.ts';

describe('readSubjectSectors', () => {
  test('gives each field of a child to the agency that resolves it, and the key to the directory', () => {
    const supergraph = build(contractSupergraphSdl());
    const sectors = readSubjectSectors(supergraph, readSubjectTypes(supergraph));
    expect(Object.fromEntries(sectors)).toMatchObject({
      'Child.id': 'DIRECTORY',
      'Child.ethnicity': 'DIRECTORY',
      'Child.attendance': 'EDUCATION',
      'Child.conditions': 'HEALTH',
      'Child.socialCare': 'SOCIAL_CARE',
    });
    expect([...sectors.keys()].every((coordinate) => coordinate.startsWith('Child.'))).toBe(true);
  });

  test.each([
    ['names no subgraph', '', /names no subgraph/],
    [
      'has a field that two agencies resolve',
      'enum join__Graph { A @join__graph(name: "health", url: "u") B @join__graph(name: "education", url: "u") }',
      /Child\.name is resolved by several/,
    ],
    [
      'has an agency that belongs to no sector',
      'enum join__Graph { A @join__graph(name: "weather", url: "u") }',
      /"weather" has no sector/,
    ],
  ])('refuses a supergraph that %s', (_case, graphs, message) => {
    const owners = graphs.includes('B @') ? '@join__field(graph: A) @join__field(graph: B)' : '';
    const supergraph = build(`${graphs}
      type Query { child: Child }
      type Child @join__type(graph: A) { name: String ${owners} }`);
    const read = () => readSubjectSectors(supergraph, new Set(['Child']));
    expect(read).toThrow(SupergraphError);
    expect(read).toThrow(message);
  });
});

function build(sdl: string): GraphQLSchema {
  return buildSchema(sdl, { assumeValid: true, assumeValidSDL: true });
}
