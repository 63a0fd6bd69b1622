import { buildSchema, type OperationDefinitionNode, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { coerceVariables, VariablesError } from './coerce-variables.ts';

const schema = buildSchema(`
  type Query { ask(n: Int, who: Who, names: [String!]): Int }
  input Who { name: String!, born: Int = 2000 }
`);

function coerce(head: string, given: Readonly<Record<string, unknown>>) {
  const operation = parse(`query(${head}) { ask }`).definitions[0] as OperationDefinitionNode;
  return coerceVariables(schema, operation, given);
}

describe('coerceVariables', () => {
  test.each([
    ['a value', '$n: Int', { n: 3 }, { n: 3 }],
    ['a default', '$n: Int = 4', {}, { n: 4 }],
    ['null instead of a default', '$n: Int = 4', { n: null }, { n: null }],
    ['nothing', '$n: Int', {}, {}],
    [
      'defaults within an input object',
      '$who: Who',
      { who: { name: 'x' } },
      { who: { name: 'x', born: 2000 } },
    ],
    ['one item for a list', '$names: [String!]', { names: 'x' }, { names: ['x'] }],
    ['more than is declared', '$n: Int', { n: 1, other: 2 }, { n: 1 }],
  ])('takes %s', (_case, head, given, expected) => {
    expect(coerce(head, given)).toEqual(expected);
  });

  test.each([
    ['a wrong type', '$n: Int', { n: 'Jane Doe' }, '$n', 'Int'],
    ['nothing where something is required', '$n: Int!', {}, '$n', 'Int!'],
    ['an unknown field', '$who: Who', { who: { name: 'Jane Doe', Secret: 1 } }, '$who', 'Who'],
    ['a missing field', '$who: Who', { who: { 'Jane Doe': 1 } }, '$who', 'Who'],
    ['an item of the wrong type', '$names: [String!]', { names: ['Jane Doe', 1] }, '$names', '[String!]'],
  ])('refuses %s and never says what was given', (_case, head, given, name, type) => {
    const thrown = caught(() => coerce(head, given));
    expect(thrown.message).toContain(`"${name}"`);
    expect(thrown.message).toContain(type);
    expect(thrown.message).not.toMatch(/Jane|Secret/);
    expect(thrown.variables).toEqual([name.slice(1)]);
  });

  test('names every variable at fault', () => {
    expect(caught(() => coerce('$n: Int!, $names: [String!]!', {})).variables).toEqual(['n', 'names']);
  });
});

function caught(run: () => unknown): VariablesError {
  try {
    run();
  } catch (error) {
    if (error instanceof VariablesError) return error;
  }
  throw new Error('No VariablesError was thrown');
}
