import { parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { checkLimits, OPERATION_LIMITS } from './limits.ts';

const nested = (depth: number) => `${'{ a '.repeat(depth)}${'}'.repeat(depth)}`;
const repeated = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');
/** Fields of an object, no more of them side by side than there may be. */
const many = (count: number) =>
  repeated(
    Math.ceil(count / 100),
    (n) => `o${n} { ${repeated(Math.min(100, count - n * 100) - 1, () => 'a')} }`,
  );
/** Fragments of which each spreads the next one ten times. */
const bomb = (last: string) =>
  `query { ...F0 } ${repeated(9, (n) => `fragment F${n} on Q { ${repeated(10, () => `...F${n + 1}`)} }`)} fragment F9 on Q { ${last} }`;

function limitPassed(document: string): unknown {
  try {
    checkLimits(parse(document));
  } catch (error) {
    const { code, status, extensions } = error as {
      code: string;
      status: number;
      extensions: { limit: string };
    };
    return `${code} ${status} ${extensions.limit}`;
  }
  return undefined;
}

describe('checkLimits', () => {
  test.each<[string, string]>([
    ['at the depth limit', nested(OPERATION_LIMITS.depth)],
    ['at the field limit', `{ ${many(OPERATION_LIMITS.fields)} }`],
    ['at the breadth limit', `{ f { ${repeated(OPERATION_LIMITS.breadth, () => 'a')} } }`],
    ['at the alias limit', `{ f { ${repeated(OPERATION_LIMITS.aliases, (n) => `a${n}: a`)} } }`],
    ['at the root field limit', `{ ${repeated(OPERATION_LIMITS.rootFields, (n) => `f${n}`)} }`],
    [
      'at the spread limit',
      `{ ${repeated(3, (n) => `f${n} { ${repeated(OPERATION_LIMITS.spreads / 3, () => '...E')} }`)} } fragment E on Q { a }`,
    ],
    ['a spread of a fragment that is not there', '{ ...Nowhere }'],
    [
      'fragments that spread one another, which validation refuses',
      '{ ...A } fragment A on Q { ...B } fragment B on Q { a ...A }',
    ],
    ['such fragments that nobody spreads', '{ a } fragment A on Q { ...B } fragment B on Q { a ...A }'],
    [
      'a fragment within itself that nobody spreads, counted once',
      `{ a } fragment A on Q { o { ${many(400)} } ...A }`,
    ],
    ['a fragment that is spread, counted once', `{ ...A } fragment A on Q { o { ${many(400)} } }`],
  ])('takes %s', (_case, document) => {
    expect(limitPassed(document)).toBeUndefined();
  });

  test.each<[string, string, string]>([
    ['too deep', nested(OPERATION_LIMITS.depth + 1), 'depth'],
    [
      'too deep through fragments',
      `{ a { ...A } } fragment A on Q ${nested(OPERATION_LIMITS.depth)}`,
      'depth',
    ],
    ['too deep through inline fragments', `{ ... { a { ... ${nested(OPERATION_LIMITS.depth)} } } }`, 'depth'],
    ['too many fields', `{ ${many(OPERATION_LIMITS.fields + 2)} }`, 'fields'],
    [
      'too many fields of one object',
      `{ f { ${repeated(OPERATION_LIMITS.breadth + 1, (n) => `a${n}`)} } }`,
      'breadth',
    ],
    [
      'too many fields of one object by a fragment spread again and again',
      `{ f { ...A ... { ...A } } } fragment A on Q { ${repeated(61, (n) => `a${n}`)} }`,
      'breadth',
    ],
    [
      'too many fields over several operations',
      `query A { ${many(400)} } query B { ${many(400)} }`,
      'fields',
    ],
    ['too many aliases', `{ f { ${repeated(OPERATION_LIMITS.aliases + 1, (n) => `a${n}: a`)} } }`, 'aliases'],
    [
      'too many aliases by one fragment spread again and again',
      `{ f { ...A a { ...A } b { ...A } } } fragment A on Q { ${repeated(30, (n) => `a${n}: a`)} }`,
      'aliases',
    ],
    [
      'too many root fields',
      `{ ${repeated(OPERATION_LIMITS.rootFields + 1, (n) => `f${n}`)} }`,
      'rootFields',
    ],
    [
      'too many root fields inside fragments',
      `{ ...A ... { ...A } } fragment A on Q { ${repeated(11, (n) => `f${n}`)} }`,
      'rootFields',
    ],
    ['a bomb of fragments', bomb('a'), 'spreads'],
    ['a bomb of fragments without a field', bomb('...F9'), 'spreads'],
    ['inline fragments within one another', `{ ${'... { '.repeat(301)} a ${'}'.repeat(301)} }`, 'spreads'],
    [
      'a fragment that nobody spreads, too large',
      `{ a } fragment A on Q { ${many(OPERATION_LIMITS.fields)} }`,
      'fields',
    ],
    [
      'a fragment that nobody spreads, too broad',
      `{ a } fragment A on Q { ${repeated(OPERATION_LIMITS.breadth + 1, () => 'a')} }`,
      'breadth',
    ],
    ['a fragment that nobody spreads, too deep', `{ a } fragment A on Q ${nested(17)}`, 'depth'],
  ])('refuses %s', (_case, document, limit) => {
    expect(limitPassed(document)).toBe(`OPERATION_TOO_COMPLEX 400 ${limit}`);
  });
});
