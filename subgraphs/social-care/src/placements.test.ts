import { describe, expect, test } from 'vitest';
import { placementsOf } from './placements.ts';
import type { CareEpisode } from './record.ts';

const first: CareEpisode = {
  startedOn: '2016-02-15',
  endedOn: '2017-08-14',
  startReason: 'S',
  legalStatus: 'V2',
  primaryNeed: 'N1',
  placementType: 'U4',
  provider: 'PR1',
  postcode: 'ZZ1 1AA',
  endReason: 'X1',
  placementChangeReason: null,
};

describe('placementsOf', () => {
  test('a change of legal status goes on with the placement', () => {
    const second = { ...first, startedOn: '2017-08-14', endedOn: null, startReason: 'L', endReason: null };
    expect(placementsOf([first, second])).toEqual([
      { from: '2016-02-15', to: null, type: 'U4', provider: 'PR1', postcode: 'ZZ1 1AA', endReason: null },
    ]);
  });

  test.each([
    ['another type', { placementType: 'K2' }],
    ['another address', { postcode: 'ZZ2 2BB' }],
    ['a new start', { startReason: 'P' }],
    ['a gap', { startedOn: '2017-09-01' }],
  ])('%s begins another placement', (_case, change) => {
    const second = { ...first, startedOn: '2017-08-14', endedOn: null, startReason: 'L', ...change };
    expect(placementsOf([first, second])).toHaveLength(2);
  });

  test.each([
    ['the end of care', { endReason: 'E5', placementChangeReason: null }, 'E5'],
    ['a move', { endReason: 'X1', placementChangeReason: 'CARPL' }, 'CARPL'],
    ['a move without a reason', { endReason: 'X1', placementChangeReason: null }, null],
    ['no end', { endedOn: null, endReason: 'X1', placementChangeReason: 'CARPL' }, null],
  ])('%s gives its reason', (_case, end, reason) => {
    expect(placementsOf([{ ...first, ...end }])[0]?.endReason).toBe(reason);
  });
});
