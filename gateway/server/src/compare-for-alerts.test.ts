import { describe, expect, test } from 'vitest';
import { compareForAlerts } from './compare-for-alerts.ts';
import type { ChildDigests, ReaderDigests } from './subgraphs/alert-comparisons.ts';

const READER: ReaderDigests = {
  familyNames: ['f-own', 'f-half'],
  persons: ['p-own'],
  colleagues: ['p-colleague'],
  authorities: ['a-here', 'a-there'],
};
const CHILD: ChildDigests = {
  child: 'c-1',
  familyNames: ['f-other'],
  carers: ['p-other'],
  authority: 'a-here',
  address: null,
  household: 0,
  related: false,
  given: false,
};
const NO: object = {
  known: true,
  related: false,
  given: false,
  ownFamily: false,
  ownChild: false,
  colleague: false,
  outsideArea: false,
  household: null,
};

function compared(
  known: Readonly<Record<string, Partial<ChildDigests>>>,
  reader: Partial<ReaderDigests> = {},
) {
  const children = Object.fromEntries(
    Object.entries(known).map(([id, child]) => [id, { ...CHILD, child: `c-${id}`, ...child }]),
  );
  const day = { practitionerId: 'p', organisationId: 'o', day: '2026-11-20', children: Object.keys(known) };
  return compareForAlerts(day, { ...READER, ...reader }, children).children;
}

describe('compareForAlerts', () => {
  test.each<[string, Partial<ChildDigests>, object]>([
    ['of another family', {}, {}],
    ['of the reader’s name', { familyNames: ['f-other', 'f-own'] }, { ownFamily: true }],
    ['of a part of it', { familyNames: ['f-half'] }, { ownFamily: true }],
    ['with the reader for a carer', { carers: ['p-other', 'p-own'] }, { ownChild: true }],
    ['with a colleague for a carer', { carers: ['p-colleague'] }, { colleague: true }],
    ['in the other authority of the area', { authority: 'a-there' }, {}],
    ['elsewhere', { authority: 'a-far' }, { outsideArea: true }],
    ['whose authority is not known', { authority: null }, {}],
    ['with a relationship of one’s own', { related: true }, { related: true }],
    ['with one that others gave', { related: true, given: true }, { related: true, given: true }],
  ])('a child %s', (_case, child, expected) => {
    expect(compared({ one: child })).toEqual([{ childId: 'one', ...NO, ...expected }]);
  });

  test('nobody is outside the area of an organisation that has none', () => {
    expect(compared({ one: { authority: 'a-far' } }, { authorities: [] })).toMatchObject([
      { outsideArea: false },
    ]);
  });

  test('what is absent on both sides is not equal', () => {
    const nobody = { familyNames: [], persons: [], colleagues: [], authorities: [] };
    expect(compared({ one: { familyNames: [], carers: [] } }, nobody)).toEqual([{ childId: 'one', ...NO }]);
  });

  test('a number that nobody has is known to nobody', () => {
    const day = { practitionerId: 'p', organisationId: 'o', day: '2026-11-20', children: ['constructor'] };
    expect(compareForAlerts(day, READER, {}).children).toEqual([
      { childId: 'constructor', ...NO, known: false },
    ]);
  });
});

describe('an address', () => {
  const numbers = (known: Parameters<typeof compared>[0]) =>
    compared(known).map(({ household }) => household);
  const at = (address: string, household: number, more: Partial<ChildDigests> = {}) => ({
    address,
    household,
    ...more,
  });

  test('is numbered where none of its children is missing', () => {
    expect(numbers({ a: at('x', 2), b: at('x', 2), c: at('y', 1), d: {} })).toEqual([1, 1, 2, null]);
  });

  test('is not where one is', () => {
    expect(numbers({ a: at('x', 3), b: at('x', 3) })).toEqual([null, null]);
  });

  test('has a child once who is there under two numbers', () => {
    const twice = { child: 'c-same' };
    expect(numbers({ a: at('x', 2, twice), b: at('x', 2, twice) })).toEqual([null, null]);
    expect(numbers({ a: at('x', 1, twice), b: at('x', 1, twice) })).toEqual([1, null]);
  });

  test('that is not known is none', () => {
    expect(numbers({ a: { household: 0 }, b: { household: 0 } })).toEqual([null, null]);
  });
});
