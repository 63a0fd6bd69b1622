import { GraphQLScalarType, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { operationOf } from '../planning/fetch-text.ts';
import { leafCompletion } from '../release/leaf.ts';
import { answerCopy, shapeOfAnswer } from './answer-shape.ts';

const copy = answerCopy(shapeOfAnswer(operationOf(parse('{ extra }')).selectionSet, new Map()));
const complete = leafCompletion(new GraphQLScalarType({ name: 'Extra' }));

/** What the response shows of it, undefined where it shows nothing. */
const shown = (extra: unknown) => complete(copy({ extra })['extra']);

const nested = (depth: number): unknown => {
  let value: unknown = 'x';
  for (let each = 0; each < depth; each++) value = each % 2 === 0 ? [value] : { below: value };
  return value;
};

describe('a value of a custom scalar', () => {
  test.each([
    ['text', 'x'],
    ['a number', 1.5],
    ['an object', { a: [1, { b: null }] }],
    ['a list', [[]]],
    ['what is nested, but not without end', nested(60)],
  ])('may be %s', (_case, value) => {
    expect(JSON.stringify(shown(value))).toBe(JSON.stringify(value));
  });

  test.each([
    ['nested deeper than anybody means it', nested(70)],
    ['so deep that nobody could write it out', nested(200_000)],
    ['of many parts, of which one is too deep', ['x', { a: 'x', b: nested(100) }]],
    ['a number beyond numbers', JSON.parse('1e400')],
    ['one below all of them', JSON.parse('-1e400')],
  ])('is none where it is %s', (_case, value) => {
    expect(shown(value)).toBeUndefined();
  });

  test('brings no key that means something to JavaScript', () => {
    const value = JSON.parse('{"a":1,"__proto__":{"b":2},"c":[{"constructor":3,"d":4}]}');
    expect(JSON.stringify(shown(value))).toBe('{"a":1,"c":[{"d":4}]}');
  });
});
