import { describe, expect, test } from 'vitest';
import { careStatus, type StatusEvidence } from './care-status.ts';

const TODAY = '2026-11-22';
const nothing: StatusEvidence = {
  supportStatus: null,
  careEpisodes: [],
  childProtectionPlans: [],
  referrals: [],
};
const openPlan = { startedOn: '2026-01-10', endedOn: null };
const openReferral = {
  receivedOn: '2026-01-05',
  closedOn: null,
  closureReason: null,
  noFurtherAction: false,
};
const openEpisode = { startedOn: '2026-02-01', endedOn: null, endReason: null };

describe('careStatus', () => {
  test.each<[string, Partial<StatusEvidence>, string]>([
    ['nothing recorded', {}, 'NONE'],
    ['an open referral', { referrals: [openReferral] }, 'CHILD_IN_NEED'],
    [
      'a referral without further action',
      { referrals: [{ ...openReferral, noFurtherAction: true }] },
      'NONE',
    ],
    [
      'a referral closed for early help',
      { referrals: [{ ...openReferral, closedOn: '2026-03-01', closureReason: 'RC9' }] },
      'EARLY_HELP',
    ],
    [
      'the same, but referred again and closed since',
      {
        referrals: [
          { ...openReferral, closedOn: '2026-03-01', closureReason: 'RC9' },
          { ...openReferral, receivedOn: '2026-04-01', closedOn: '2026-05-01', closureReason: 'RC8' },
        ],
      },
      'NONE',
    ],
    ['a referral of a later day', { referrals: [{ ...openReferral, receivedOn: '2030-01-01' }] }, 'NONE'],
    [
      'an open plan over an open referral',
      { referrals: [openReferral], childProtectionPlans: [openPlan] },
      'CHILD_PROTECTION',
    ],
    ['a plan that ends today', { childProtectionPlans: [{ ...openPlan, endedOn: TODAY }] }, 'NONE'],
    [
      'looked after over an open plan',
      { childProtectionPlans: [openPlan], careEpisodes: [openEpisode] },
      'LOOKED_AFTER',
    ],
    [
      'left care for independent living',
      { careEpisodes: [{ ...openEpisode, endedOn: '2026-06-01', endReason: 'E5' }] },
      'CARE_LEAVER',
    ],
    [
      'left care by adoption',
      { careEpisodes: [{ ...openEpisode, endedOn: '2026-06-01', endReason: 'E11' }] },
      'NONE',
    ],
    ['early help that the case system records', { supportStatus: 'EARLY_HELP' }, 'EARLY_HELP'],
    [
      'early help recorded, in need since',
      { supportStatus: 'EARLY_HELP', referrals: [openReferral] },
      'CHILD_IN_NEED',
    ],
  ])('%s', (_case, evidence, status) => {
    expect(careStatus({ ...nothing, ...evidence }, TODAY)).toBe(status);
  });
});
