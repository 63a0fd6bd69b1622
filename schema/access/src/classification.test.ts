import { readContract } from '@contactpoint/contract/sdl';
import { buildSchema, GraphQLObjectType, GraphQLSchema, GraphQLString, Kind, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { readClassification, readSubjectTypes, UnclassifiedFieldError } from './classification.ts';
import { readSubgraphClassification, readSubgraphSubjectTypes } from './subgraph-classification.ts';

const LINK = '@link(url: "https://contactpoint.example/access/v1.0", import: ["@sensitivity", "@subject"])';

describe('readClassification', () => {
  test('reads class and minimal from each field, scopes on a root field count as REFERENCE', () => {
    const classification = readClassification(
      supergraph(`
        schema ${LINK} @link(url: "https://specs.apollo.dev/requiresScopes/v0.1", for: SECURITY) { query: Query }
        enum join__Graph { HEALTH }
        type Query {
          child(id: ID!): Child @sensitivity(class: IDENTITY)
          audit: String @requiresScopes(scopes: [["audit:read"]])
          _entities: [String]
        }
        type Child @subject {
          id: ID! @sensitivity(class: IDENTITY)
          allergies: [String!] @sensitivity(class: SPECIAL, minimal: true)
        }
        input Search { name: String }
      `),
    );
    expect([...classification]).toEqual([
      ['Query.child', { class: 'IDENTITY', minimal: false }],
      ['Query.audit', { class: 'REFERENCE', minimal: false }],
      ['Child.id', { class: 'IDENTITY', minimal: false }],
      ['Child.allergies', { class: 'SPECIAL', minimal: true }],
    ]);
  });

  test('names every field without a class: a default on the type does not count, nor scopes below the root', () => {
    const schema = supergraph(`
      schema ${LINK} @link(url: "https://specs.apollo.dev/requiresScopes/v0.1") { query: Query }
      type Query { child: Child @authenticated }
      interface Person { name: String }
      type Child implements Person @sensitivity(class: REFERENCE) {
        name: String @sensitivity(class: IDENTITY) @sensitivity(class: SEALED)
        phone: String @requiresScopes(scopes: [["a"]])
      }
    `);
    expect(thrownBy(() => readClassification(schema))).toEqual([
      'Query.child',
      'Person.name',
      'Child.name',
      'Child.phone',
    ]);
  });

  test('follows directives that the link renames, and no others', () => {
    const renamed = supergraph(`
      schema @link(url: "https://contactpoint.example/access/v1.0", as: "cp",
                   import: [{ name: "@sensitivity", as: "@harm" }]) { query: Query }
      type Query { child: Child @harm(class: IDENTITY) }
      type Child @cp__subject { id: ID! @cp__sensitivity(class: IDENTITY) }
    `);
    expect([...readClassification(renamed).keys()]).toEqual(['Query.child', 'Child.id']);
    expect([...readSubjectTypes(renamed)]).toEqual(['Child']);

    const foreign = supergraph(`
      schema @link(url: "https://example.org/access/v1.0", import: ["@sensitivity"]) { query: Query }
      type Query { child: String @sensitivity(class: REFERENCE) }
    `);
    expect(thrownBy(() => readClassification(foreign))).toEqual(['Query.child']);
  });

  test('does not guess what a later version of the directives means', () => {
    const later = supergraph(`
      schema @link(url: "https://contactpoint.example/access/v2.0", import: ["@sensitivity"]) { query: Query }
      type Query { child: String @sensitivity(class: REFERENCE) }
    `);
    expect(thrownBy(() => readClassification(later))).toEqual(['Query.child']);
  });

  test('a type named like machinery is a type like any other', () => {
    const schema = supergraph(`
      schema ${LINK} { query: Query }
      type Query { secret: join__Diagnosis @sensitivity(class: REFERENCE) }
      type join__Diagnosis { name: String }
    `);
    expect(thrownBy(() => readClassification(schema))).toEqual(['join__Diagnosis.name']);
  });

  test.each([
    ['a class that does not exist', '@sensitivity(class: PUBLIC)'],
    ['a class in quotes', '@sensitivity(class: "REFERENCE")'],
    ['no class', '@sensitivity(minimal: true)'],
    ['two classes', '@sensitivity(class: REFERENCE) @sensitivity(class: STATUS)'],
    ['a class, and none', '@sensitivity(class: REFERENCE) @sensitivity(class: PUBLIC)'],
    ['none, and a class', '@sensitivity(class: PUBLIC) @sensitivity(class: REFERENCE)'],
    ['one class of two sizes', '@sensitivity(class: STATUS) @sensitivity(class: STATUS, minimal: true)'],
    ['a rule in another place than the root', '@authenticated'],
  ])('%s is no class', (_case, directives) => {
    const schema = supergraph(`
      schema ${LINK} @link(url: "https://specs.apollo.dev/authenticated/v0.1") { query: Query }
      type Query { child: Child @sensitivity(class: REFERENCE) }
      type Child { name: String ${directives} }
    `);
    expect(thrownBy(() => readClassification(schema))).toEqual(['Child.name']);
  });

  test('the same class twice is that class', () => {
    const twice = '@sensitivity(class: STATUS, minimal: true) @sensitivity(class: STATUS, minimal: true)';
    const schema = supergraph(`schema ${LINK} { query: Query } type Query { child: String ${twice} }`);
    expect(readClassification(schema).get('Query.child')).toEqual({ class: 'STATUS', minimal: true });
    const minimalText = supergraph(
      `schema ${LINK} { query: Query } type Query { child: String @sensitivity(class: STATUS, minimal: "true") }`,
    );
    expect(readClassification(minimalText).get('Query.child')).toEqual({ class: 'STATUS', minimal: false });
  });

  test.each([
    ['a class that does not exist', '@sensitivity(class: CRIMINAL)'],
    ['two classes', '@sensitivity(class: SEALED) @sensitivity(class: STATUS)'],
    ['no class', '@sensitivity'],
  ])('a guard does not stand in for %s', (_case, directives) => {
    const schema = supergraph(`
      schema ${LINK} @link(url: "https://specs.apollo.dev/requiresScopes/v0.1") { query: Query mutation: Mutation }
      type Query { memo: String ${directives} @requiresScopes(scopes: [["memo:read"]]) }
      type Mutation { shieldChild: String @requiresScopes(scopes: [["directory:shield"]]) ${directives} }
    `);
    expect(thrownBy(() => readClassification(schema))).toEqual(['Query.memo', 'Mutation.shieldChild']);
  });

  test('a guard counts for a root field beside whatever else stands on it', () => {
    const schema = supergraph(`
      schema ${LINK} @link(url: "https://specs.apollo.dev/policy/v0.1") { query: Query }
      directive @tag(name: String!) repeatable on FIELD_DEFINITION
      type Query { memo: String @tag(name: "a") @policy(policies: [["p"]]) @tag(name: "b") }
    `);
    expect(readClassification(schema).get('Query.memo')).toEqual({ class: 'REFERENCE', minimal: false });
  });

  test('a type is a subject by any of its definitions, beside types that carry nothing', () => {
    const schema = supergraph(`
      schema ${LINK} { query: Query }
      type Query { child: Child @sensitivity(class: REFERENCE) }
      type Child { id: ID! @sensitivity(class: IDENTITY) }
      extend type Child @subject { sex: String @sensitivity(class: IDENTITY) }
      type Carer { name: String @sensitivity(class: IDENTITY) }
    `);
    expect([...readSubjectTypes(schema)]).toEqual(['Child']);
  });

  test('a schema that was not read from a document has no class at all', () => {
    const schema = new GraphQLSchema({
      query: new GraphQLObjectType({ name: 'Query', fields: { child: { type: GraphQLString } } }),
    });
    expect(thrownBy(() => readClassification(schema))).toEqual(['Query.child']);
    expect([...readSubjectTypes(schema)]).toEqual([]);
  });
});

describe('readSubgraphClassification', () => {
  test.each([
    ['directory', 'Child.givenNames', 'IDENTITY', false],
    ['directory', 'Child.nhsNumber', 'INVOLVEMENT', true],
    ['directory', 'Query.child', 'IDENTITY', false],
    ['directory', 'Involvement.email', 'INVOLVEMENT', false],
    ['education', 'Child.id', 'IDENTITY', false],
    ['education', 'Child.attendance', 'STATUS', true],
    ['health', 'Child.allergies', 'SPECIAL', false],
    ['health', 'EmergencyAttendance.reason', 'SPECIAL', false],
    ['social-care', 'Placement.postcode', 'SEALED', false],
    ['accreditation', 'Query.practitioner', 'REFERENCE', false],
    ['accreditation', 'Practitioner.status', 'REFERENCE', false],
    ['oversight', 'Mutation.reviewOverride', 'REFERENCE', false],
  ] as const)('%s: %s is %s', (subgraph, coordinate, name, minimal) => {
    const classification = readSubgraphClassification(readContract(subgraph));
    expect(classification.get(coordinate)).toEqual({ class: name, minimal });
  });

  test('a default holds for the fields of an extension, and for its own type alone', () => {
    const sdl = `
      extend schema ${LINK}
      extend type Child @subject { allergies: [String!] }
      type Child @sensitivity(class: SPECIAL) { id: ID! @sensitivity(class: IDENTITY) }
      type Contact { name: String }
    `;
    expect(thrownBy(() => readSubgraphClassification(sdl))).toEqual(['Contact.name']);
    expect([...readSubgraphSubjectTypes(sdl)]).toEqual(['Child']);
  });

  test('an operation, a type without fields and nodes that somebody else made lead to no class', () => {
    const document = parse(`extend schema ${LINK} type Empty @subject query { a }`);
    const bare = { kind: Kind.OBJECT_TYPE_DEFINITION, name: { kind: Kind.NAME, value: 'Bare' } } as const;
    const schema = { kind: Kind.SCHEMA_EXTENSION } as const;
    const made = { ...document, definitions: [...document.definitions, bare, schema] };
    expect([...readSubgraphClassification(made)]).toEqual([]);
    expect([...readSubgraphSubjectTypes(made)]).toEqual(['Empty']);
    const field = {
      kind: Kind.FIELD_DEFINITION,
      name: { kind: Kind.NAME, value: 'a' },
      type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: 'ID' } },
    } as const;
    const withField = { ...made, definitions: [...document.definitions, { ...bare, fields: [field] }] };
    expect(thrownBy(() => readSubgraphClassification(withField))).toEqual(['Bare.a']);
  });

  test('a root type is known by the schema’s word, and else by its usual name', () => {
    const guarded = '@requiresScopes(scopes: [["a"]])';
    const federation = `@link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@requiresScopes"])`;
    const usual = `extend schema ${LINK} ${federation} type Query { a: ID ${guarded} } type Door { b: ID ${guarded} }`;
    expect(thrownBy(() => readSubgraphClassification(usual))).toEqual(['Door.b']);
    const named = `schema ${LINK} ${federation} { query: Door } type Query { a: ID ${guarded} } type Door { b: ID ${guarded} }`;
    expect(thrownBy(() => readSubgraphClassification(named))).toEqual(['Query.a']);
  });

  test('a broken class on a field is not mended by the default of its type', () => {
    const sdl = `extend schema ${LINK} type Child @sensitivity(class: IDENTITY) { a: ID @sensitivity(class: OPEN) }`;
    expect(thrownBy(() => readSubgraphClassification(sdl))).toEqual(['Child.a']);
  });
});

function supergraph(sdl: string) {
  return buildSchema(sdl, { assumeValid: true, assumeValidSDL: true });
}

function thrownBy(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof UnclassifiedFieldError) return error.coordinates;
    throw error;
  }
  return [];
}
