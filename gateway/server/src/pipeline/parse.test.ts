import { createHash } from 'node:crypto';
import { AccessError } from '@contactpoint/access/access-error';
import { getIntrospectionQuery } from 'graphql';
import { describe, expect, test } from 'vitest';
import { contractSupergraph } from '../testing/contract-supergraph.ts';
import { OPERATION_LIMITS } from './limits.ts';
import { createParser, OperationError } from './parse.ts';

const { schema } = contractSupergraph().executor;
/** A bomb that only counting stops must not be waited for; far above what any refusal takes. */
const SOON = 1_000;

function refusal(query: string, operationName?: string, parser = createParser(schema)): unknown {
  try {
    parser(query, operationName);
  } catch (error) {
    if (error instanceof AccessError) return `${error.code} ${error.extensions['limit']}`;
    if (error instanceof OperationError) return error.errors[0]?.extensions?.['code'];
    throw error;
  }
  return undefined;
}

describe('createParser', () => {
  test('gives the operation with its name and the digest of its text', () => {
    const query = 'query Who { me { id } }';
    const parsed = createParser(schema)(query, undefined);
    expect(parsed.operationName).toBe('Who');
    expect(parsed.operation.operation).toBe('query');
    expect(parsed.hash).toBe(createHash('sha256').update(query).digest('hex'));
  });

  test('runs the operation that was named, of several', () => {
    const parser = createParser(schema);
    const query = 'query A { me { id } } query B { me { name } }';
    expect(parser(query, 'B').operationName).toBe('B');
    expect(parser(query, 'A').operationName).toBe('A');
  });

  test('takes the introspection that explorers send, with everything they may ask', () => {
    const query = getIntrospectionQuery({
      descriptions: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    });
    expect(createParser(schema)(query, undefined).operationName).toBe('IntrospectionQuery');
  });

  test.each<[string, string, string | undefined, string]>([
    ['nothing', '', undefined, 'GRAPHQL_PARSE_FAILED'],
    ['no GraphQL', '{ me { id }', undefined, 'GRAPHQL_PARSE_FAILED'],
    ['a stray word that is "tokens"', '{ me { id } } tokens', undefined, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', '{ me { diagnosis } }', undefined, 'GRAPHQL_VALIDATION_FAILED'],
    ['@defer', '{ me { ... @defer { id } } }', undefined, 'INCREMENTAL_DELIVERY_UNSUPPORTED'],
    ['@stream', '{ me { id @stream } }', undefined, 'INCREMENTAL_DELIVERY_UNSUPPORTED'],
    [
      'the machinery of federation',
      '{ _entities(representations: []) { __typename } }',
      undefined,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['an unknown operation name', 'query A { me { id } }', 'B', 'OPERATION_RESOLUTION_FAILURE'],
    [
      'several operations and no name',
      'query A { me { id } } query B { me { id } }',
      undefined,
      'OPERATION_RESOLUTION_FAILURE',
    ],
    ['fragments only', 'fragment A on Practitioner { id }', undefined, 'GRAPHQL_VALIDATION_FAILED'],
    ['a reserved alias', '{ me { __id: id } }', undefined, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a reserved alias within a fragment',
      '{ me { ...A } } fragment A on Practitioner { ... { __s: id } }',
      undefined,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a reserved alias of what is harmless',
      '{ me { __typename: id } }',
      undefined,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a fragment within itself',
      '{ me { ...A } } fragment A on Practitioner { id ...A }',
      undefined,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'fragments within one another',
      '{ me { ...A } } fragment A on Practitioner { ...B } fragment B on Practitioner { ...A }',
      undefined,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['a subscription', 'subscription { me { id } }', undefined, 'GRAPHQL_VALIDATION_FAILED'],
  ])('refuses %s', (_case, query, operationName, code) => {
    expect(refusal(query, operationName)).toBe(code);
  });

  const spreading = (last: string) =>
    `{ me { ...F0 } } ${Array.from({ length: 30 }, (_, n) => `fragment F${n} on Practitioner { ...F${n + 1} ...F${n + 1} }`).join(' ')} fragment F30 on Practitioner { ${last} }`;

  test.each<[string, string, string]>([
    ['fragments that double thirty times', spreading('id'), 'OPERATION_TOO_COMPLEX spreads'],
    ['the same without a field', spreading('...F30'), 'OPERATION_TOO_COMPLEX spreads'],
    [
      'too many tokens',
      `{ me { ${'id '.repeat(OPERATION_LIMITS.tokens)} } }`,
      'OPERATION_TOO_COMPLEX tokens',
    ],
    [
      'thousands of fields in a fragment that nobody spreads',
      `{ me { id } } fragment A on Practitioner { ${'id '.repeat(4_900)} }`,
      'OPERATION_TOO_COMPLEX fields',
    ],
    [
      'deep brackets',
      `{ child(id: ${'['.repeat(2_000)}${']'.repeat(2_000)}) { id } }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['deep selections', `${'{ a '.repeat(1_500)}${'}'.repeat(1_500)}`, 'OPERATION_TOO_COMPLEX depth'],
    [
      'deep inline fragments',
      `{ me ${'{ ... '.repeat(1_500)} { id } ${'}'.repeat(1_500)} }`,
      'OPERATION_TOO_COMPLEX spreads',
    ],
  ])('answers quickly: %s', (_case, query, expected) => {
    const started = performance.now();
    expect(refusal(query)).toBe(expected);
    expect(performance.now() - started).toBeLessThan(SOON);
  });

  test('keeps a refusal: the same text is the same refusal', () => {
    const parser = createParser(schema);
    const seen = [0, 1].map(() => {
      try {
        return parser('{ nowhere }', undefined);
      } catch (error) {
        return error;
      }
    });
    expect(seen[0]).toBeInstanceOf(OperationError);
    expect(seen[1]).toBe(seen[0]);
  });

  test('a name that was not there does not spoil the document for others', () => {
    const parser = createParser(schema);
    expect(refusal('query A { me { id } }', 'B', parser)).toBe('OPERATION_RESOLUTION_FAILURE');
    expect(parser('query A { me { id } }', 'A').operationName).toBe('A');
  });
});
