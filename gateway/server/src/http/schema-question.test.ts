import { describe, expect, test } from 'vitest';
import { schemaQuestion } from './schema-question.ts';

describe('what may be asked in a URL', () => {
  test.each([
    ['which type the root has', { query: '{ __typename }' }, {}],
    [
      'a type by name',
      { query: 'query T($n: String!) { __type(name: $n) { name } }', variables: '{"n":"Child"}' },
      { n: 'Child' },
    ],
    [
      'what could be read for a purpose',
      {
        query: 'query F($p: String!) { __fieldAccess(purpose: $p) { coordinate } }',
        variables: '{"p":"S47"}',
      },
      { p: 'S47' },
    ],
    ['the whole schema', { query: '{ __schema { types { ...T } } } fragment T on __Type { name }' }, {}],
  ])('%s', (_case, search, variables) => {
    expect(schemaQuestion(search)).toMatchObject({ kind: 'operation', query: search.query, variables });
  });

  test.each([
    ['a child', { query: '{ child(id: "1") { id } }' }],
    ['a child beside the schema', { query: '{ __typename child(id: "1") { id } }' }],
    ['a child within a fragment', { query: '{ ...F } fragment F on Query { child(id: "1") { id } }' }],
    ['a child within an inline fragment', { query: '{ __typename ... { child(id: "1") { id } } }' }],
    ['a child under an alias of the schema’s', { query: '{ __typename: child(id: "1") { id } }' }],
    [
      'a child in the other operation',
      { query: 'query A { __typename } query B { me { id } }', operationName: 'A' },
    ],
    ['a deed', { query: 'mutation { __typename }' }],
    ['what is no GraphQL', { query: '{' }],
    ['nothing', {}],
    ['two texts', { query: ['{ __typename }', '{ __typename }'] }],
  ])('not %s', (_case, search) => {
    expect(schemaQuestion(search)).toBeUndefined();
  });

  test('variables that are no JSON are refused, and not repeated', () => {
    const refused = schemaQuestion({ query: '{ __typename }', variables: '{"nhs":94347' });
    expect(refused).toMatchObject({ kind: 'unreadable', status: 400 });
    expect(JSON.stringify(refused)).not.toContain('94347');
  });
});
