import { describe, expect, test } from 'vitest';
import { jaroWinkler } from './jaro-winkler.ts';
import { type Comparable, matchScore, matchWeight } from './match-score.ts';
import { compareNames, normaliseName } from './name.ts';
import { searchKeys } from './search-key.ts';
import { transposedDate } from './transposed-date.ts';

describe('jaroWinkler', () => {
  // Winkler (1990), table of examples.
  test.each([
    ['MARTHA', 'MARHTA', 0.961],
    ['DWAYNE', 'DUANE', 0.84],
    ['DIXON', 'DICKSONX', 0.813],
    ['ABC', 'XYZ', 0],
    ['A', 'A', 1],
  ])('%s and %s', (one, other, similarity) => {
    expect(jaroWinkler(one, other)).toBeCloseTo(similarity, 3);
    expect(jaroWinkler(other, one)).toBeCloseTo(similarity, 3);
  });
});

describe('names', () => {
  test.each([
    ['O’Brien', 'OBRIEN'],
    ['  Íñiguez-Smith ', 'INIGUEZ SMITH'],
    ['***', ''],
  ])('%s is compared as %s', (name, normalised) => expect(normaliseName(name)).toBe(normalised));

  test.each([
    ['SMITH', 'SMITH', 'EXACT'],
    ['CATHERINE', 'KATHRYN', 'SIMILAR'],
    ['JONATHAN', 'JONATHON', 'SIMILAR'],
    ['SMITH', 'PATEL', 'DIFFERENT'],
  ])('%s and %s: %s', (one, other, agreement) => expect(compareNames(one, other)).toBe(agreement));
});

describe('transposedDate', () => {
  test.each([
    ['2015-03-04', '2015-04-03'],
    ['2015-03-13', undefined],
    ['2015-03-03', undefined],
  ])('%s', (date, transposed) => expect(transposedDate(date)).toBe(transposed));
});

test('spellings that sound alike share a key, another year of birth does not', () => {
  const key = (givenNames: string[], familyName: string, dateOfBirth: string) =>
    searchKeys({ givenNames, familyName, dateOfBirth });
  expect(key(['Catherine'], 'Smyth', '2012-01-02')).toEqual(
    expect.arrayContaining(key(['Kathryn'], 'Smith', '2012-11-30')),
  );
  expect(key(['Catherine'], 'Smith', '2013-01-02')).not.toEqual(key(['Catherine'], 'Smith', '2012-01-02'));
});

describe('matchScore', () => {
  const sought: Comparable = {
    givenNames: ['Amelia'],
    familyName: 'Hughes',
    dateOfBirth: '2012-03-04',
    sex: 'FEMALE',
  };
  const score = (other: Partial<Comparable>) => matchScore(matchWeight(sought, { ...sought, ...other }));

  test.each([
    ['everything agrees', {}, 1],
    ['sex unknown', { sex: 'UNKNOWN' as const }, 1],
    ['day and month changed over', { dateOfBirth: '2012-04-03' }, 0.95],
    ['another child of that name', { dateOfBirth: '2014-09-21', sex: 'MALE' as const }, 0],
    ['another child of that day', { givenNames: ['Zoe'], familyName: 'Patel' }, 0],
  ])('%s', (_case, other, expected) => expect(score(other)).toBeCloseTo(expected, 10));

  test('comes in steps of 0.05', () => {
    for (let weight = -12; weight < 12; weight += 0.37) {
      expect((matchScore(weight) * 20) % 1).toBe(0);
    }
  });
});
