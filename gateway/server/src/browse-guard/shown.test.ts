import { describe, expect, test } from 'vitest';
import { type Door, searchesOf, shownBy } from './shown.ts';

const child: Door = { key: 'child', question: () => 'Query.child {"id":"A"}', isSearch: false };
const search: Door = { key: 'found', question: () => 'Query.findChildren {}', isSearch: true };
const refused = (key: string, code: string, reason?: string) => ({
  message: 'no',
  path: [key],
  extensions: { code, ...(reason === undefined ? {} : { reason }) },
});

describe('shownBy', () => {
  test('counts a child once, however often the answer has it', () => {
    expect(shownBy([child], ['A', 'B', 'A'], { child: {} }, [])).toEqual({ records: ['A', 'B'], misses: [] });
  });

  test.each([
    ['nobody', []],
    [
      'nobody whom the caller is related to',
      [refused('child', 'UNAUTHORIZED_FIELD_OR_TYPE', 'RELATIONSHIP')],
    ],
    ['nobody, and something is wrong elsewhere', [refused('other', 'SUBGRAPH_UNAVAILABLE')]],
    ['a mistake in the question', [refused('child', 'BAD_USER_INPUT')]],
  ])('counts a miss where there is %s', (_case, errors) => {
    expect(shownBy([child], [], { child: null }, errors)).toEqual({
      records: [],
      misses: [child.question()],
    });
  });

  test.each([
    ['the directory is down', [refused('child', 'SUBGRAPH_UNAVAILABLE')]],
    ['the role may not ask', [refused('child', 'UNAUTHORIZED_FIELD_OR_TYPE', 'POLICY')]],
    ['the purpose is another', [refused('child', 'UNAUTHORIZED_FIELD_OR_TYPE', 'PURPOSE')]],
  ])('counts no miss where %s', (_case, errors) => {
    expect(shownBy([child], [], { child: null }, errors)).toEqual({ records: [], misses: [] });
  });

  test('counts nothing of a field that was skipped', () => {
    expect(shownBy([child, search], [], {}, [])).toEqual({ records: [], misses: [] });
    expect(shownBy([child, search], [], null, [])).toEqual({ records: [], misses: [] });
  });

  test('counts the same question under two aliases as one miss, and two questions as two', () => {
    const doors = [
      child,
      { ...child, key: 'again' },
      { ...child, key: 'other', question: () => 'Query.child {"id":"B"}' },
    ];
    const { misses } = shownBy(doors, [], { child: null, again: null, other: null }, []);
    expect(misses).toEqual([child.question(), 'Query.child {"id":"B"}']);
  });

  test.each([
    ['no candidates', { candidates: null }],
    ['no candidates under another name', { __typename: 'ChildSearchResult', who: null }],
    ['candidates that were not asked for', { __typename: 'ChildSearchResult' }],
    ['nothing', null],
  ])('counts a search with %s as a miss', (_case, found) => {
    expect(shownBy([search], [], { found }, [])).toEqual({ records: [], misses: [search.question()] });
  });

  test('counts candidates whose child was not asked for: that there is one is what a search tells', () => {
    const found = { who: [{ score: 0.95 }, { score: 0.6 }] };
    expect(shownBy([search], [], { found }, [])).toEqual({
      records: [`${search.question()} 0`, `${search.question()} 1`],
      misses: [],
    });
  });

  test('counts candidates with their child as that child', () => {
    const found = { candidates: [{ score: 0.95, child: { id: 'A' } }, { c: { __typename: 'Child' } }] };
    expect(shownBy([search], ['A', 'B'], { found }, [])).toEqual({ records: ['A', 'B'], misses: [] });
  });
});

describe('searchesOf', () => {
  const counted = (
    data: Record<string, unknown> | null,
    errors: readonly ReturnType<typeof refused>[] = [],
  ) => {
    const doors = [child, search];
    return searchesOf(doors, shownBy(doors, [], data, errors), data, errors);
  };

  test.each<[string, Record<string, unknown> | null, unknown]>([
    ['a search that found somebody', { found: { candidates: [{ score: 1 }] } }, { asked: 1, missed: 0 }],
    ['a search that found nobody', { found: { candidates: null } }, { asked: 1, missed: 1 }],
    ['a number that found nobody', { child: null }, { asked: 0, missed: 1 }],
    ['both', { child: null, found: { candidates: null } }, { asked: 1, missed: 2 }],
    ['a child', { child: {} }, undefined],
    ['nothing', null, undefined],
  ])('counts %s', (_case, data, expected) => {
    expect(counted(data)).toEqual(expected);
  });

  test('counts no search that the role may not make', () => {
    const errors = [refused('found', 'UNAUTHORIZED_FIELD_OR_TYPE', 'POLICY')];
    expect(counted({ found: null }, errors)).toBeUndefined();
  });
});
