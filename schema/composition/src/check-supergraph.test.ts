import { composeServices } from '@apollo/composition';
import { describe, expect, test } from 'vitest';
import { checkSupergraph } from './check-supergraph.ts';
import { prepareSubgraph } from './prepare-subgraph.ts';
import { contract, LINKS } from './testing/agency.ts';

const NAMES = new Map(
  [...contract().map(({ name }) => name), 'housing'].map((name) => [
    name.toUpperCase().replace('-', '_'),
    name,
  ]),
);

const child = 'type Child @key(fields: "id") @subject { id: ID! @sensitivity(class: IDENTITY)';

describe('a supergraph that another composer made', () => {
  test('of the contract is taken', () => {
    expect(refusalsOf('')).toEqual([]);
  });

  test('is taken with what belongs below a child and below reference data', () => {
    const sdl = `
      ${child} tenancy: Tenancy @sensitivity(class: STATUS) }
      type Tenancy @sensitivity(class: STATUS) { rent: Int estate: Estate school: School }
      type Estate @key(fields: "code") @sensitivity(class: REFERENCE) { code: ID! name: String }
      type School @key(fields: "urn") @sensitivity(class: REFERENCE) { urn: ID! }
      type Query {
        estate(code: ID!): Estate @sensitivity(class: REFERENCE)
        arrears: Int @requiresScopes(scopes: [["housing:read"]])
      }`;
    expect(refusalsOf(sdl)).toEqual([]);
  });

  test.each([
    [
      'a root field above REFERENCE',
      'type Query { rents: [Int!] @authenticated @sensitivity(class: SPECIAL) }',
      'CLASSIFIED_FIELD_EXPOSED housing Query.rents',
    ],
    [
      'a mutation above REFERENCE',
      'type Mutation { evict: Int @authenticated @sensitivity(class: STATUS) }',
      'CLASSIFIED_FIELD_EXPOSED housing Mutation.evict',
    ],
    [
      'a scope that everybody has',
      'type Query { rents: [Int!] @requiresScopes(scopes: [[]]) @sensitivity(class: SPECIAL) }',
      'CLASSIFIED_FIELD_EXPOSED housing Query.rents',
    ],
    [
      'a record below a root field',
      'type Tenancy @sensitivity(class: STATUS) { rent: Int } type Query { t: Tenancy @sensitivity(class: REFERENCE) }',
      'CLASSIFIED_FIELD_EXPOSED housing Tenancy.rent',
    ],
    [
      'a child at a root field',
      `${child} } type Query { tenant: Child @sensitivity(class: REFERENCE) }`,
      'CHILD_OUTSIDE_DIRECTORY housing Query.tenant',
    ],
    [
      'a child behind a scope',
      `${child} } type Query { tenant: Child @requiresScopes(scopes: [["h"]]) }`,
      'CHILD_OUTSIDE_DIRECTORY housing Query.tenant',
    ],
    [
      'a child through a wrapper',
      `${child} } type Flat @sensitivity(class: REFERENCE) { tenant: Child }
       type Query { flat: Flat @sensitivity(class: REFERENCE) }`,
      'CHILD_OUTSIDE_DIRECTORY housing Query.flat',
    ],
    [
      'a child through a union',
      `${child} } union Tenant = Child type Query { tenant: Tenant @sensitivity(class: REFERENCE) }`,
      'CHILD_OUTSIDE_DIRECTORY housing Query.tenant',
    ],
    [
      'a child in a subscription',
      `${child} } type Subscription { movedIn: Child @sensitivity(class: REFERENCE) }`,
      'CHILD_OUTSIDE_DIRECTORY housing Subscription.movedIn',
    ],
    [
      'a subscription above REFERENCE',
      'type Subscription { raised: Int @sensitivity(class: STATUS) }',
      'CLASSIFIED_FIELD_EXPOSED housing Subscription.raised',
    ],
    [
      'a subscription that says only that somebody asks',
      'type Subscription { raised: Int @authenticated }',
      'ROOT_FIELD_UNGUARDED housing Subscription.raised',
    ],
    [
      'an argument that names a child',
      'type Query { rent(nhsNumber: String!): Int @sensitivity(class: REFERENCE) }',
      'CHILD_AS_ARGUMENT housing Query.rent(nhsNumber:)',
    ],
    [
      'a root field that says only that somebody asks',
      'type Query { rents: Int @authenticated }',
      'ROOT_FIELD_UNGUARDED housing Query.rents',
    ],
    [
      "another agency's value sent along",
      `${child} ethnicity: String @external @sensitivity(class: SPECIAL)
         guess: String @requires(fields: "ethnicity") @sensitivity(class: STATUS) }`,
      'CROSS_AGENCY_DIRECTIVE housing Child.guess',
    ],
    [
      "another agency's field taken over",
      `${child} allergies: [String!] @override(from: "health") @sensitivity(class: SPECIAL) }`,
      'CROSS_AGENCY_DIRECTIVE housing Child.allergies',
    ],
    [
      'a key that says more than who the child is',
      'type Child @key(fields: "id") @key(fields: "id rent") @subject { id: ID! @sensitivity(class: IDENTITY) rent: Int @sensitivity(class: STATUS) }',
      'SUBJECT_KEY_NOT_ID housing Child',
    ],
    [
      'a person known to several by a key that is nobody’s',
      'type School @key(fields: "urn") { urn: ID! @sensitivity(class: REFERENCE) homeless: Int @sensitivity(class: STATUS) }',
      'CLASSIFIED_ENTITY_SHARED housing School.homeless',
    ],
    [
      'a field that is lost with the child it belongs to',
      `${child} rent: Int! @sensitivity(class: STATUS) }`,
      'CLASSIFIED_FIELD_NOT_NULLABLE housing Child.rent',
    ],
  ])('is refused with %s', (_case, sdl, refusal) => {
    expect(refusalsOf(sdl)).toContain(refusal);
  });

  test('knows a guard by the name that the supergraph links it under, and by no other', () => {
    const renamed = supergraphOf('').replaceAll('@requiresScopes(', '@needs(');
    const url = 'https://specs.apollo.dev/requiresScopes/v0.1"';
    expect(refusals(renamed.replace(url, `${url}, as: "needs"`))).toEqual([]);
    expect(refusals(renamed)).toContain('ROOT_FIELD_UNGUARDED accreditation Query.practitioner');
  });

  test('counts a field that does not say whose it is as everybody’s', () => {
    const supergraphSdl = supergraphOf('').replace(
      /type Query\n(?: *@join__type\(graph: \w+\)\n)+\{/,
      '$&\n  leak: Int @sensitivity(class: SPECIAL)\n',
    );
    expect(refusals(supergraphSdl)).toContain('FOREIGN_FIELD_CHANGED housing Query.leak');
  });
});

function refusalsOf(sdl: string): string[] {
  return refusals(supergraphOf(sdl));
}

function refusals(supergraphSdl: string): string[] {
  return checkSupergraph(supergraphSdl, NAMES).map(
    ({ code, subgraph, coordinate }) => `${code} ${subgraph} ${coordinate}`,
  );
}

/** By Apollo's composer alone, from the contract and a housing agency. */
function supergraphOf(sdl: string): string {
  const published = [
    ...contract(),
    { name: 'housing', url: 'http://127.0.0.1:4099/graphql', sdl: `${LINKS}\n${sdl}` },
  ];
  const services = published.map((each) => {
    const prepared = prepareSubgraph(each);
    if ('errors' in prepared) throw new Error(prepared.errors[0]?.message);
    const { name, url, document } = prepared.subgraph;
    return { name, url, typeDefs: document };
  });
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new Error(errors?.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}
