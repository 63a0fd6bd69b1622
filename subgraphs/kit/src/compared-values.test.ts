import { describe, expect, test } from 'vitest';
import { createValueDigest, familyNameForms, familyNameFormsOf, personForms } from './compared-values.ts';

describe('familyNameForms', () => {
  test.each([
    ['Okafor', ['OKAFOR']],
    ['OKAFOR', ['OKAFOR']],
    ['Smith-Jones', ['SMITHJONES', 'SMITH', 'JONES']],
    ['Smith Jones', ['SMITHJONES', 'SMITH', 'JONES']],
    ['García López', ['GARCIALOPEZ', 'GARCIA', 'LOPEZ']],
    ["O'Brien", ['OBRIEN']],
    ['O’Brien', ['OBRIEN']],
    ['van der Berg', ['VANDERBERG', 'BERG']],
    ['MacLeod', ['MACLEOD']],
    ['Mac Leod', ['MACLEOD', 'LEOD']],
    ['Strauß', ['STRAUSS']],
    ['Sørensen', ['SORENSEN']],
    ['Wałęsa', ['WALESA']],
    ['Ng', ['NG']],
    ['', []],
    ['–', []],
  ])('%s', (name, forms) => {
    expect(familyNameForms(name)).toEqual(forms);
  });

  test('is the same for a name that was composed differently', () => {
    expect(familyNameForms('Núñez'.normalize('NFD'))).toEqual(familyNameForms('Núñez'.normalize('NFC')));
  });
});

test.each([
  ['Amara Okafor', ['OKAFOR']],
  ['Anna Smith-Jones', ['SMITHJONES', 'SMITH', 'JONES']],
  ['Barton', ['BARTON']],
  ['  ', []],
])('the family name of "%s"', (name, forms) => {
  expect(familyNameFormsOf(name)).toEqual(forms);
});

test.each([
  ['Daniel Whitfield', ['DANIEL WHITFIELD']],
  ['Mr. Daniel John WHITFIELD', ['DANIEL WHITFIELD']],
  ['Mrs Jo Ann Smith-Jones', ['JO SMITHJONES', 'JO SMITH', 'JO JONES']],
  ['Anne-Marie Roe', ['ANNE ROE']],
  ['Mrs Roe', []],
  ['Roe', []],
  ['', []],
])('the person "%s"', (name, forms) => {
  expect(personForms(name)).toEqual(forms);
});

test('digests agree under one key only, and for one kind of value only', () => {
  const [one, other] = [1, 2].map((byte) => createValueDigest(Buffer.alloc(32, byte).toString('base64url')));
  expect(one?.('person', 'A B')).toBe(one?.('person', 'A B'));
  expect(one?.('person', 'A B')).not.toBe(other?.('person', 'A B'));
  expect(one?.('person', 'A B')).not.toBe(one?.('family-name', 'A B'));
  expect(one?.('person', 'A B')).not.toBe(one?.('person', 'A C'));
});
