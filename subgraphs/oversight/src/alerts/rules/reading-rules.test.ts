import { describe, expect, test } from 'vitest';
import type { ComparedReading, ReadingRule } from '../compared-reading.ts';
import { DEFAULT_ALERT_SETTINGS } from '../settings.ts';
import { colleaguesChild } from './colleagues-child.ts';
import { noRelationshipMade } from './no-relationship-made.ts';
import { outsideArea } from './outside-area.ts';
import { ownFamilyName } from './own-family-name.ts';
import { wholeAddress } from './whole-address.ts';

let next = 0;

/** A child whom a social worker opened, about whom there is nothing to say. */
function reading(more: Partial<ComparedReading> = {}): ComparedReading {
  const index = String(next++);
  return {
    ...{ practitionerId: 'p', organisationId: 'LA-975', role: 'social-worker', day: '2026-11-17' },
    ...{ at: '2026-11-17T10:15:00.000Z', origin: 'log', index, opened: true, settled: true },
    ...{ childId: `child-${index}`, known: true, related: true, given: true },
    ...{ ownFamily: false, ownChild: false, colleague: false, outsideArea: false, household: null },
    ...more,
  };
}

const found = (rule: ReadingRule, ...readings: readonly ComparedReading[]) =>
  rule(readings, DEFAULT_ALERT_SETTINGS);

describe('OWN_FAMILY_NAME', () => {
  test.each<[string, Partial<ComparedReading>, number]>([
    ['another name', {}, 0],
    ['the reader’s name, by a relationship that others gave', { ownFamily: true }, 0],
    ['the same, by one of one’s own making', { ownFamily: true, given: false }, 1],
    ['the same, without any', { ownFamily: true, related: false, given: false }, 1],
    ['the same, in a search', { ownFamily: true, given: false, opened: false }, 1],
    ['the reader for a carer, whoever gave the child', { ownChild: true }, 1],
    ['a colleague’s name', { colleague: true }, 0],
  ])('%s', (_case, more, times) => {
    expect(found(ownFamilyName, reading(more))).toHaveLength(times);
  });

  test('is one a child and quarter, and names nobody', () => {
    const child = { ownChild: true, childId: 'child-x' };
    const days = ['2026-10-01', '2026-12-31', '2027-01-01'];
    const findings = days.flatMap((day) => found(ownFamilyName, reading({ ...child, day })));
    expect(new Set(findings.map(({ occasion }) => occasion)).size).toBe(2);
    expect(JSON.stringify(findings)).not.toContain('child-x');
    const twins = [reading({ ownChild: true }), reading({ ownChild: true })];
    expect(new Set(found(ownFamilyName, ...twins).map(({ occasion }) => occasion)).size).toBe(2);
  });
});

test.each<[string, Partial<ComparedReading>, number]>([
  ['a carer of a colleague’s name', { colleague: true, related: false, given: false }, 1],
  ['the same, by a relationship of one’s own making', { colleague: true, related: true, given: false }, 1],
  ['the same, by a relationship that others gave', { colleague: true, given: true }, 0],
  ['the same, in a search', { colleague: true, given: false, opened: false }, 1],
  ['nobody’s', { given: false }, 0],
])('COLLEAGUES_CHILD: %s', (_case, more, times) => {
  expect(found(colleaguesChild, reading(more))).toHaveLength(times);
});

describe('OUTSIDE_AREA', () => {
  const away = { outsideArea: true, related: false, given: false };
  test.each<[string, Partial<ComparedReading>, number]>([
    ['opened', away, 1],
    ['opened by a relationship of one’s own making', { ...away, related: true }, 1],
    ['given by somebody else', { ...away, related: true, given: true }, 0],
    ['in a search', { ...away, opened: false }, 0],
    ['by an emergency clinician', { ...away, role: 'emergency-clinician' }, 0],
    ['by a steward', { ...away, role: 'identity-steward' }, 0],
    ['in the area', { ...away, outsideArea: false }, 0],
  ])('%s', (_case, more, times) => {
    expect(found(outsideArea, reading(more))).toHaveLength(times);
  });

  test('is one a day, with every child of it', () => {
    expect(found(outsideArea, reading(away), reading(), reading(away))).toMatchObject([
      { occasion: '2026-11-17', events: [{}, {}], note: 'Children outside the organisation’s area: 2' },
    ]);
  });
});

describe('WHOLE_ADDRESS', () => {
  const there = (more: Partial<ComparedReading> = {}) =>
    reading({ household: 1, related: false, given: false, ...more });

  test('is raised for all children of an address, with the events', () => {
    expect(found(wholeAddress, there({ index: '5' }), reading(), there({ index: '6' }))).toMatchObject([
      { events: [{ index: '5' }, { index: '6' }], note: 'All children of one address: 2' },
    ]);
  });

  test.each<[string, readonly ComparedReading[]]>([
    ['an only child', [there()]],
    ['children of two addresses', [there(), there({ household: 2 })]],
    ['children who do not live at one alone', [there({ household: null }), there({ household: null })]],
    ['who works with one of them', [there(), there({ related: true }), there()]],
    ['a candidate of a search among them', [there(), there({ opened: false })]],
    ['twins in one event', [there({ index: '7' }), there({ index: '7' })]],
    ['a screener', [there({ role: 'mash-screener' }), there({ role: 'mash-screener' })]],
    ['the police', [there({ role: 'police-child-abuse' }), there({ role: 'police-child-abuse' })]],
    ['a steward', [there({ role: 'identity-steward' }), there({ role: 'identity-steward' })]],
  ])('is not for %s', (_case, readings) => {
    expect(found(wholeAddress, ...readings)).toEqual([]);
  });

  test('is one for each address', () => {
    const two = [there(), there(), there({ household: 2 }), there({ household: 2 })];
    expect(new Set(found(wholeAddress, ...two).map(({ occasion }) => occasion)).size).toBe(2);
  });
});

describe('NO_RELATIONSHIP_MADE', () => {
  const alone = { related: false, given: false };
  test.each<[string, Partial<ComparedReading>, number]>([
    ['none was made in time', alone, 1],
    ['there is still time', { ...alone, settled: false }, 0],
    ['one was made', { ...alone, related: true }, 0],
    ['a candidate of a search', { ...alone, opened: false }, 0],
    ['a number that nobody has', { ...alone, known: false }, 0],
    ['a role that needs none', { ...alone, role: 'mash-screener' }, 0],
    ['another that needs none', { ...alone, role: 'police-child-abuse' }, 0],
    ['a role that cannot search', { ...alone, role: 'teacher' }, 1],
  ])('%s', (_case, more, times) => {
    expect(found(noRelationshipMade, reading(more))).toHaveLength(times);
  });

  test('is one a day, with every child of it', () => {
    expect(found(noRelationshipMade, reading(alone), reading(), reading(alone))).toMatchObject([
      { occasion: '2026-11-17', events: [{}, {}] },
    ]);
  });
});
