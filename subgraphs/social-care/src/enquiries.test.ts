import { expect, test } from 'vitest';
import { enquiriesOf } from './enquiries.ts';
import type { Referral } from './record.ts';

const referral: Referral = {
  receivedOn: '2025-01-01',
  source: '1A',
  primaryNeed: 'N1',
  noFurtherAction: false,
  closedOn: null,
  closureReason: null,
  initialConferenceOn: null,
};
const held = { startedOn: '2025-03-01', initialConferenceOn: '2025-03-12', conferenceNotRequired: false };

test('a conference named by enquiry and episode is one conference', () => {
  expect(enquiriesOf([held], [{ ...referral, initialConferenceOn: '2025-03-12' }])).toEqual([
    { startedOn: '2025-03-01', outcome: 'INITIAL_CONFERENCE', initialConferenceOn: '2025-03-12' },
  ]);
});

test('a conference that only the episode names is not lost, and stands in its place', () => {
  const days = enquiriesOf([held], [{ ...referral, initialConferenceOn: '2025-02-01' }]);
  expect(days.map(({ startedOn, initialConferenceOn }) => [startedOn, initialConferenceOn])).toEqual([
    [null, '2025-02-01'],
    ['2025-03-01', '2025-03-12'],
  ]);
});

test.each([
  [true, 'NO_CONFERENCE'],
  [false, null],
  [null, null],
])('an enquiry without conference, not required %s, ended with %s', (conferenceNotRequired, outcome) => {
  const enquiry = { startedOn: '2025-03-01', initialConferenceOn: null, conferenceNotRequired };
  expect(enquiriesOf([enquiry], [])[0]?.outcome).toBe(outcome);
});
