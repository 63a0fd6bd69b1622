import { describe, expect, test } from 'vitest';
import { aggregateOf, bootTimeOf, isAggregate, originOf } from './origin.ts';

const identity = {
  deployment: 'contactpoint.local',
  instance: 'gateway-1',
  boot: { at: new Date('2026-11-22T10:15:00.987Z'), random: '4f2a' },
};

describe('originOf', () => {
  test('names deployment, instance and boot', () => {
    expect(originOf(identity)).toBe('contactpoint.local/gateway-1/20261122T101500Z-4f2a');
  });

  test.each([
    ['a space', { ...identity, deployment: 'contact point' }],
    ['a slash', { ...identity, instance: 'gateway/1' }],
    ['a boot without random digits', { ...identity, boot: { ...identity.boot, random: '' } }],
  ])('refuses %s', (_case, unfit) => {
    expect(() => originOf(unfit)).toThrow(RangeError);
  });
});

describe('bootTimeOf', () => {
  test('is what the name says, to the second', () => {
    expect(bootTimeOf(originOf(identity))).toEqual(new Date('2026-11-22T10:15:00Z'));
  });

  test.each(['kept', 'a/b/20261122T101500Z', 'a/b/20269922T101500Z-4f2a', 'a/b/20261122T101500Z-4f2a/c'])(
    'is not known of %s',
    (origin) => expect(bootTimeOf(origin)).toBeUndefined(),
  );
});

describe('aggregateOf', () => {
  test.each(['contactpoint.local', originOf(identity), 'contactpoint.local/aggregate'])(
    'is one log for all of a deployment, %s',
    (name) => expect(aggregateOf(name)).toBe('contactpoint.local/aggregate'),
  );

  test.each([
    ['contactpoint.local/aggregate', true],
    ['contactpoint.local/aggregate/20261122T101500Z-4f2a', false],
    ['aggregate', false],
    [originOf(identity), false],
  ])('of %s it is said: %s', (origin, isIt) => {
    expect(isAggregate(origin)).toBe(isIt);
  });
});
