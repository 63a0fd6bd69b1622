import { buildSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import { createCoordinateAt } from './coordinate-at.ts';

const schema = buildSchema(`
  type Query { child(id: ID!): Child any: [Thing!] }
  type Child { name: String addresses: [Address!] }
  type Address { line1: String }
  interface Thing { id: ID } type A implements Thing { id: ID own: Child } type B implements Thing { id: ID }
`);

describe('the field at a path of an answer', () => {
  test.each([
    ['an alias', '{ c: child(id: 1) { n: name } }', ['c', 'n'], 'Child.name'],
    [
      'a list',
      '{ child(id: 1) { addresses { line1 } } }',
      ['child', 'addresses', 3, 'line1'],
      'Address.line1',
    ],
    ['a fragment', '{ child(id: 1) { ...F } } fragment F on Child { x: name }', ['child', 'x'], 'Child.name'],
    [
      'a type among several',
      '{ any { ... on A { own { name } } } }',
      ['any', 0, 'own', 'name'],
      'Child.name',
    ],
    [
      'selections that are merged',
      '{ child(id: 1) { addresses { __typename } } child(id: 1) { addresses { line1 } } }',
      ['child', 'addresses', 0, 'line1'],
      'Address.line1',
    ],
    ['a field that is not shown', '{ child(id: 1) { secret } }', ['child', 'secret'], undefined],
    ['a key that was not asked for', '{ child(id: 1) { name } }', ['child', 'other'], undefined],
    ['no operation', '{', ['child'], undefined],
  ])('%s', (_case, query, path, coordinate) => {
    expect(createCoordinateAt(schema, query, undefined)(path)).toBe(coordinate);
  });

  test('of the operation that was run', () => {
    const query = 'query One { x: child(id: 1) { name } } query Two { x: any { id } }';
    expect(createCoordinateAt(schema, query, 'Two')(['x'])).toBe('Query.any');
  });
});
