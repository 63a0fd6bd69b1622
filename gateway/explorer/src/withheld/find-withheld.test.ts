import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countWithheld, findWithheld, MOST_MARKED } from './find-withheld.ts';

const shown = (answer: object) => JSON.stringify(answer, null, 2);
const error = (path: readonly (string | number)[], extensions: object = { reason: 'PURPOSE' }) => ({
  message: 'm',
  path,
  extensions,
});
const lineAt = (text: string, line: number | undefined) =>
  line === undefined ? undefined : text.split('\n')[line - 1]?.trim();

describe('what an answer withholds', () => {
  test('is found at its key, in lists, under aliases and where the same key stands elsewhere', () => {
    const text = shown({
      errors: [error(['a', 'items', 1, 'x']), error(['b', 'items']), error(['a', 'x'])],
      data: {
        a: { empty: [], none: {}, items: [{ x: 'null,' }, { x: null, y: 2 }], x: null },
        b: { x: 1, items: null },
      },
    });
    const found = findWithheld(text);
    expect(found.map(({ line }) => lineAt(text, line))).toEqual(['"x": null,', '"items": null', '"x": null']);
    const [first, , third] = found;
    expect(
      text
        .split('\n')
        .slice(0, (first?.line ?? 1) - 1)
        .join(''),
    ).toContain('"null,"');
    expect(third?.line).toBeGreaterThan(first?.line ?? Infinity);
  });

  test('has a reason, or the code, and the agency that did not answer', () => {
    const text = shown({
      errors: [
        error(['a']),
        error(['b'], { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'health' }),
        error(['c'], {}),
      ],
      data: { a: null, b: null, c: null },
    });
    expect(findWithheld(text).map(({ reason, subgraph }) => [reason, subgraph])).toEqual([
      ['PURPOSE', undefined],
      ['SUBGRAPH_UNAVAILABLE', 'health'],
      ['UNKNOWN', undefined],
    ]);
  });

  test('that is not there has no line: a null above it, no such key, a value', () => {
    const text = shown({
      errors: [error(['a', 'b']), error(['nowhere']), error(['c'])],
      data: { a: null, c: 1 },
    });
    expect(findWithheld(text).map(({ line }) => line)).toEqual([undefined, undefined, undefined]);
  });

  test('is on the line of a null in every answer', () => {
    const nulls = (value: unknown, path: (string | number)[]): (string | number)[][] => {
      if (value === null) return [path];
      if (typeof value !== 'object') return [];
      const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value as object);
      return entries.flatMap(([key, each]) => nulls(each, [...path, key]));
    };
    const { data } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'medium', withCrossShrink: true },
        fc.constant(null),
        fc.string(),
        fc.integer(),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), tie('value'), { maxKeys: 4 }),
      ),
      data: fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), tie('value'), { maxKeys: 5 }),
    }));
    fc.assert(
      fc.property(data as fc.Arbitrary<object>, (value) => {
        const paths = nulls(value, []);
        const text = shown({ errors: paths.map((path) => error(path)), data: value });
        const found = findWithheld(text);
        expect(found.length).toBe(Math.min(paths.length, MOST_MARKED));
        for (const { line } of found) expect(lineAt(text, line)).toMatch(/null,?$/);
        expect(new Set(found.map(({ line }) => line)).size).toBe(found.length);
      }),
    );
  });

  test('of an answer of 5 MB is found in a moment, and no more of it than is marked', () => {
    const children = Array.from({ length: 20_000 }, (_, place) => ({
      id: `child-${place}`,
      name: 'x'.repeat(180),
      a: null,
    }));
    const text = shown({
      errors: children.map((_, place) => error(['children', place, 'a'])),
      data: { children },
    });
    expect(text.length).toBeGreaterThan(5_000_000);
    const started = performance.now();
    const found = findWithheld(text);
    // On a slow and noisy machine; usually it is some 60 ms.
    expect(performance.now() - started).toBeLessThan(2_000);
    expect([found.length, countWithheld(text)]).toEqual([MOST_MARKED, 20_000]);
    expect(lineAt(text, found.at(-1)?.line)).toBe('"a": null');
  });

  test.each(['', '{', '"text"', 'null', '[]', '{"errors": 5}', '{"errors": [{"path": []}, {}]}'])(
    'is nothing in %s',
    (text) => {
      expect([findWithheld(text), countWithheld(text)]).toEqual([[], 0]);
    },
  );
});
