import { isContactPointNumber } from '@contactpoint/contract/contactpoint-number';
import { isNhsNumber } from '@contactpoint/contract/nhs-number';
import { isUpn } from '@contactpoint/contract/upn';
import { describe, expect, test } from 'vitest';
import { TODAY } from './calendar.ts';
import { makeWorld, type World } from './world.ts';

const now = new Date('2026-11-22T12:00:00Z');
const world = makeWorld({ seed: 1, children: 400, now });
const identityOf = (id: string, of: World = world) => of.directory.find((identity) => identity.id === id);

describe('makeWorld', () => {
  test('gives the same children for the same seed, and others for another', () => {
    expect(makeWorld({ seed: 1, children: 400, now })).toEqual(world);
    expect(makeWorld({ seed: 2, children: 400, now }).directory[0]?.id).not.toBe(world.directory[0]?.id);
  });

  test('makes as many children as were asked for, each with a number of its own', () => {
    expect(world.directory).toHaveLength(400);
    expect(new Set(world.directory.map(({ id }) => id)).size).toBe(400);
    expect(world.directory.every(({ id }) => isContactPointNumber(id))).toBe(true);
  });

  test('gives every number once, valid, and NHS numbers from the range for tests', () => {
    const identifiers = world.directory.flatMap(({ identifiers: own }) => own);
    const nhs = identifiers.filter(({ system }) => system === 'NHS_NUMBER').map(({ value }) => value);
    const upns = identifiers.filter(({ system }) => system === 'UPN').map(({ value }) => value);
    expect(nhs.every((value) => isNhsNumber(value) && value.startsWith('999'))).toBe(true);
    expect(upns.every(isUpn)).toBe(true);
    expect(new Set(identifiers.map(({ system, value }) => `${system} ${value}`)).size).toBe(
      identifiers.length,
    );
  });

  test('makes as many empty children as shielded ones', () => {
    const shielded = world.directory.filter((identity) => identity.shielded === true);
    const empty = world.directory.filter(
      ({ identifiers, addresses }) => identifiers.length === 0 && addresses.length === 0,
    );
    expect(shielded.length).toBeGreaterThan(1);
    expect(empty).toHaveLength(shielded.length);
  });

  test('gives every agency something of the joined child, and no agency anything of the empty one', () => {
    const agencies = [world.education.children, world.health.children, world.socialCare];
    for (const records of agencies) {
      const known = new Set(records.map(({ childId }) => childId));
      expect(known.has(world.scenarios.joined)).toBe(true);
      expect(known.has(world.scenarios.shielded)).toBe(true);
      expect(known.has(world.scenarios.empty)).toBe(false);
    }
    expect(identityOf(world.scenarios.joined)?.involvements.some(({ allocated }) => allocated)).toBe(true);
  });

  test('lets the twins share birth and home, and links nothing of the adopted child', () => {
    const [one, other] = world.scenarios.twins.map((id) => identityOf(id));
    expect(one?.dateOfBirth).toBe(other?.dateOfBirth);
    expect(one?.addresses).toEqual(other?.addresses);
    const [before, after] = world.scenarios.adopted.map((id) => identityOf(id));
    const valuesOf = (identity: typeof before) => new Set(identity?.identifiers.map(({ value }) => value));
    expect(valuesOf(before).isDisjointFrom(valuesOf(after))).toBe(true);
    expect(before?.familyName).not.toBe(after?.familyName);
    expect([after?.dateOfBirth, after?.givenNames]).toEqual([before?.dateOfBirth, before?.givenNames]);
    expect([before?.mergeBarred, after?.mergeBarred]).toEqual([true, true]);
  });

  test('has nothing happen in the future or before a birth', () => {
    for (const record of world.socialCare) {
      const born = identityOf(record.childId)?.dateOfBirth ?? '';
      const days = [
        ...record.referrals.map(({ receivedOn }) => receivedOn),
        ...record.childProtectionPlans.map(({ startedOn }) => startedOn),
        ...record.careEpisodes.map(({ startedOn }) => startedOn),
        ...record.reviews.map(({ heldOn }) => heldOn),
      ];
      expect(days.every((day) => day > born && day <= TODAY)).toBe(true);
    }
  });
});
