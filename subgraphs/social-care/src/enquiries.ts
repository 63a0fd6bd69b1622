import type { Referral, Section47Enquiry } from './record.ts';

/** An enquiry as the contract shows it. */
export interface ShownEnquiry {
  /** Null where only the conference is recorded, with the episode instead of an enquiry. */
  readonly startedOn: string | null;
  readonly outcome: 'INITIAL_CONFERENCE' | 'NO_CONFERENCE' | null;
  readonly initialConferenceOn: string | null;
}

/**
 * Enquiries of one child, oldest first. The CIN census records an initial conference with its enquiry or, where a case
 * was taken over, with the episode alone; a conference that only the episode names must not be lost.
 */
export function enquiriesOf(
  enquiries: readonly Section47Enquiry[],
  referrals: readonly Referral[],
): ShownEnquiry[] {
  const shown = enquiries.map(shownEnquiry);
  const conferences = new Set(shown.map(({ initialConferenceOn }) => initialConferenceOn));
  for (const { initialConferenceOn } of referrals) {
    if (initialConferenceOn === null || conferences.has(initialConferenceOn)) continue;
    conferences.add(initialConferenceOn);
    shown.push({ startedOn: null, outcome: 'INITIAL_CONFERENCE', initialConferenceOn });
  }
  return shown.sort((one, other) => compare(dayOf(one), dayOf(other)));
}

function shownEnquiry({
  startedOn,
  initialConferenceOn,
  conferenceNotRequired,
}: Section47Enquiry): ShownEnquiry {
  const withoutConference = conferenceNotRequired === true ? 'NO_CONFERENCE' : null;
  return {
    startedOn,
    outcome: initialConferenceOn === null ? withoutConference : 'INITIAL_CONFERENCE',
    initialConferenceOn,
  };
}

function dayOf({ startedOn, initialConferenceOn }: ShownEnquiry): string {
  return startedOn ?? initialConferenceOn ?? '';
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
