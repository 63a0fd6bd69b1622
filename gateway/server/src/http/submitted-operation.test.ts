import { describe, expect, test } from 'vitest';
import { submittedOperation } from './submitted-operation.ts';

const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);

describe('submittedOperation', () => {
  test('hands over what can be kept', () => {
    const variables = { name: 'Zoë 😀', list: nested(20) };
    expect(submittedOperation({ query: '{ me { id } }', variables })).toEqual({
      kind: 'operation',
      query: '{ me { id } }',
      operationName: undefined,
      variables,
    });
  });

  test.each([
    ['NUL', { id: 'a\0b' }],
    ['half a surrogate pair', { id: '\ud800' }],
    ['NUL deep inside', { input: { names: ['a', 'b\0'] } }],
    ['lists below the deepest level', { x: nested(21) }],
    ['lists deeper than a stack', { x: nested(200_000) }],
  ])('refuses %s', (_case, variables) => {
    expect(submittedOperation({ query: '{ me { id } }', variables })).toMatchObject({
      kind: 'unreadable',
      status: 400,
      errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
  });
});
