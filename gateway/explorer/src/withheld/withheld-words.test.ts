import { describe, expect, test } from 'vitest';
import type { FieldReading } from '../fields/field-access.ts';
import { withheldWords } from './withheld-words.ts';

const MEANINGS = { S47: 'child protection enquiry' };
const access = (...readings: Partial<FieldReading>[]) => ({
  coordinate: 'Child.x',
  sensitivity: 'SPECIAL',
  minimal: false,
  agencies: ['health'],
  readings: readings.map((each) => ({
    ...{ sector: 'HEALTH', reading: 'NONE' as const, needs: [], purposes: [] },
    ...each,
  })),
});
const words = (reason: string, ...readings: Partial<FieldReading>[]) =>
  withheldWords({ path: ['x'], reason, line: 1 }, access(...readings), MEANINGS);

describe('why a field is withheld, and what would help', () => {
  test('another purpose, by its name', () => {
    expect(words('PURPOSE', { purposes: ['S47'] }).help).toContain('S47, child protection enquiry');
    expect(words('PURPOSE', { purposes: ['XX'] }).help).toContain('XX');
    expect(withheldWords({ path: ['x'], reason: 'PURPOSE', line: 1 }, undefined, {}).help).toContain(
      'Another purpose',
    );
  });

  test('a recorded involvement, and the own record where it takes one', () => {
    expect(words('RELATIONSHIP', { needs: ['RELATIONSHIP'] }).help).toContain('record your involvement');
    expect(words('RELATIONSHIP', { needs: ['RELATIONSHIP'] }).help).not.toContain('own organisation');
    expect(words('RELATIONSHIP', { needs: ['RELATIONSHIP', 'OWN_RECORD'] }).help).toContain(
      'own organisation',
    );
  });

  test.each([
    ['SCOPE', /permission/],
    ['POLICY', /role/],
    ['PURPOSE', /purpose/],
    ['RELATIONSHIP', /relationship/],
    ['SUBGRAPH_UNAVAILABLE', /answer/],
  ])('%s is said in words', (reason, said) => {
    const { short, why, help } = words(reason);
    expect(`${short} ${why}`).toMatch(said);
    expect(`${short}${why}${help}`).not.toContain(reason);
  });

  test('a code that nobody foresaw is named', () => {
    expect(words('BAD_LUCK').short).toContain('BAD_LUCK');
  });
});
