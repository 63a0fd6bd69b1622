import { describe, expect, test } from 'vitest';
import { trainingExpiresOn, unmetRequirement, vettingExpiresOn } from './accreditation.ts';
import { isCalendarDate, londonDate } from './calendar-date.ts';
import type { Principal } from './principal.ts';

const now = new Date('2026-06-15T12:00:00Z');

const accredited: Principal = {
  practitionerId: 'p-social-worker',
  role: 'social-worker',
  sector: 'SOCIAL_CARE',
  organisationId: 'LA-975',
  organisationStage: 'LIVE',
  scopes: [],
  suspended: false,
  vettingIssuedOn: '2025-01-10',
  trainingPassedOn: '2026-01-10',
  agreementSignedOn: '2025-01-10',
  activeSince: '2026-06-01T08:00:00Z',
};

describe('unmetRequirement', () => {
  test.each<[string, Partial<Principal>, string | undefined]>([
    ['all in order', {}, undefined],
    ['an organisation in its pilot', { organisationStage: 'PILOT' }, undefined],
    ['suspended', { suspended: true }, 'SUSPENDED'],
    ['an organisation that only tries out', { organisationStage: 'SANDBOX' }, 'ORGANISATION'],
    ['an organisation suspended', { organisationStage: 'SUSPENDED' }, 'ORGANISATION'],
    ['never vetted', { vettingIssuedOn: null }, 'VETTING'],
    ['vetted three years ago today', { vettingIssuedOn: '2023-06-15' }, undefined],
    ['vetted three years and a day ago', { vettingIssuedOn: '2023-06-14' }, 'VETTING'],
    ['a certificate of tomorrow', { vettingIssuedOn: '2026-06-16' }, 'VETTING'],
    ['a certificate of a day that never was', { vettingIssuedOn: '2025-02-29' }, 'VETTING'],
    ['not a date', { vettingIssuedOn: '10/01/2025' }, 'VETTING'],
    ['never trained', { trainingPassedOn: null }, 'TRAINING'],
    ['trained a year ago today', { trainingPassedOn: '2025-06-15' }, undefined],
    ['trained a year and a day ago', { trainingPassedOn: '2025-06-14' }, 'TRAINING'],
    ['trained today', { trainingPassedOn: '2026-06-15' }, undefined],
    ['no agreement', { agreementSignedOn: null }, 'AGREEMENT'],
    ['agreement signed long ago', { agreementSignedOn: '2009-01-01' }, undefined],
    ['agreement signed tomorrow', { agreementSignedOn: '2026-06-16' }, 'AGREEMENT'],
    ['used 90 days ago', { activeSince: '2026-03-17T00:00:01Z' }, undefined],
    ['used 91 days ago', { activeSince: '2026-03-16T23:59:59Z' }, 'DORMANT'],
    ['used now, by a clock that is ahead', { activeSince: '2026-06-15T12:00:05Z' }, undefined],
    ['used later than now', { activeSince: '2026-06-15T12:00:06Z' }, 'DORMANT'],
    ['used next year', { activeSince: '2027-06-15T12:00:00Z' }, 'DORMANT'],
    ['use unknown', { activeSince: '' }, 'DORMANT'],
    ['suspended comes before everything', { suspended: true, vettingIssuedOn: null }, 'SUSPENDED'],
    ['vetting comes before training', { vettingIssuedOn: null, trainingPassedOn: null }, 'VETTING'],
  ])('%s', (_case, change, requirement) => {
    expect(unmetRequirement({ ...accredited, ...change }, now)).toBe(requirement);
  });

  test('a day ends at midnight in London, not in Greenwich', () => {
    const lastDay = { ...accredited, trainingPassedOn: '2025-06-14' };
    // 23:30 in London, then half past midnight of the next day, still the same day in UTC.
    expect(unmetRequirement(lastDay, new Date('2026-06-14T22:30:00Z'))).toBeUndefined();
    expect(unmetRequirement(lastDay, new Date('2026-06-14T23:30:00Z'))).toBe('TRAINING');
  });
});

describe('last day', () => {
  test.each([
    [vettingExpiresOn, '2024-02-29', '2027-02-28'],
    [vettingExpiresOn, '2021-02-28', '2024-02-28'],
    [vettingExpiresOn, '2025-12-31', '2028-12-31'],
    [trainingExpiresOn, '2024-02-29', '2025-02-28'],
    [trainingExpiresOn, '2023-02-28', '2024-02-28'],
  ])('%o of %s is %s', (expiresOn, from, last) => {
    expect(expiresOn(from)).toBe(last);
  });

  test('29 February exists in leap years alone', () => {
    expect([isCalendarDate('2024-02-29'), isCalendarDate('2025-02-29')]).toEqual([true, false]);
  });

  test('London is an hour ahead in summer', () => {
    expect(londonDate(new Date('2026-07-01T23:30:00Z'))).toBe('2026-07-02');
    expect(londonDate(new Date('2026-01-01T23:30:00Z'))).toBe('2026-01-01');
  });
});
