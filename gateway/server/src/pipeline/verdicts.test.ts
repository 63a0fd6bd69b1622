import type { Verdict } from '@contactpoint/access/decision';
import type { ReachedCoordinate } from '@contactpoint/executor/hooks';
import { describe, expect, test } from 'vitest';
import { type CoordinateAccess, joinAccess, Verdicts } from './verdicts.ts';

const at = (subjectField: string, ...below: string[]): ReachedCoordinate[] =>
  [subjectField, ...below].map((coordinate) => ({ subjectField, coordinate }));

/** Releases what is not named, each coordinate by two policies of its own, in no order. */
function judging(...withheld: string[]) {
  const judged: string[] = [];
  const verdicts = new Verdicts((subjectField, coordinate): Verdict => {
    judged.push(`${subjectField} ${coordinate}`);
    return {
      released: !withheld.includes(coordinate),
      policies: [`z ${coordinate}`, `a ${coordinate}`],
    } as Verdict;
  });
  return { verdicts, judged };
}

describe('Verdicts', () => {
  test('each coordinate is judged once below each field of the subject', () => {
    const { verdicts, judged } = judging();
    const first = verdicts.of('Child.addresses', 'Address.town');
    expect(verdicts.of('Child.addresses', 'Address.town')).toBe(first);
    expect(verdicts.of('Child.addresses', 'Address.postcode')).not.toBe(first);
    expect(verdicts.of('Child.placements', 'Address.town')).not.toBe(first);
    expect(verdicts.of('Child.addresses', 'Address.town')).toBe(first);
    expect(judged).toEqual([
      'Child.addresses Address.town',
      'Child.addresses Address.postcode',
      'Child.placements Address.town',
    ]);
  });

  test('the same list gives the same object, and an equal one an equal object', () => {
    const { verdicts } = judging('Child.sex');
    const reached = [...at('Child.sex'), ...at('Child.familyName')];
    const access = verdicts.over(reached);
    expect(verdicts.over(reached)).toBe(access);
    expect(verdicts.over([...reached])).not.toBe(access);
    expect(verdicts.over([...reached])).toEqual(access);
  });

  test('lists are sorted, hold each thing once, and can be changed by nobody who shares them', () => {
    const { verdicts } = judging('Child.sex', 'Child.conditions');
    const access = verdicts.over([
      ...['Child.sex', 'Child.conditions', 'Child.sex'].flatMap((each) => at(each)),
      ...['Child.givenNames', 'Child.familyName', 'Child.givenNames'].flatMap((each) => at(each)),
    ]);
    expect(access.released).toEqual(['Child.familyName', 'Child.givenNames']);
    expect(access.withheld).toEqual(['Child.conditions', 'Child.sex']);
    expect(access.policies).toEqual(
      ['a', 'z'].flatMap((policy) =>
        ['conditions', 'familyName', 'givenNames', 'id', 'sex'].map((field) => `${policy} Child.${field}`),
      ),
    );
    for (const list of Object.values(access)) expect(Object.isFrozen(list)).toBe(true);
  });

  test.each([
    ['the child', 'Child.id', ['Child.socialCare', 'Review.on']],
    ['a field of it', 'Child.socialCare', ['Child.socialCare', 'Review.on']],
    ['an object between', 'SocialCare.reviews', ['Review.on']],
    ['the coordinate itself', 'Review.on', ['Review.on']],
  ])('what is below %s is withheld with it', (_case, gate, withheld) => {
    const { verdicts } = judging(gate);
    const through = ['SocialCare.reviews'];
    const subjectField = 'Child.socialCare';
    const access = verdicts.over([...at(subjectField), { subjectField, through, coordinate: 'Review.on' }]);
    expect(access.withheld).toEqual(withheld);
    expect(access.released).toEqual(
      ['Child.socialCare', 'Review.on'].filter((each) => !withheld.includes(each)),
    );
  });
});

describe('joinAccess', () => {
  const town: CoordinateAccess = { released: ['Address.town'], withheld: ['Child.sex'], policies: ['p2'] };
  const name: CoordinateAccess = {
    released: ['Child.familyName', 'Address.town'],
    withheld: ['Child.conditions'],
    policies: ['p1', 'p2'],
  };

  test('one place is what it is, the same object', () => {
    expect(joinAccess([town])).toBe(town);
  });

  test('several places are told of together, whatever their order', () => {
    for (const places of [
      [town, name],
      [name, town],
    ]) {
      expect(joinAccess(places)).toEqual({
        released: ['Address.town', 'Child.familyName'],
        withheld: ['Child.conditions', 'Child.sex'],
        policies: ['p1', 'p2'],
      });
    }
  });

  test('no place shows nothing', () => {
    expect(joinAccess([])).toEqual({ released: [], withheld: [], policies: [] });
  });
});
