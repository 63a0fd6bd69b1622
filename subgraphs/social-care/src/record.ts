/**
 * What social care holds on one child, as its case system and its statutory returns tell it. Codes are kept as the
 * returns write them; `code-sets.ts` names each code system. Dates are calendar dates, `YYYY-MM-DD`.
 */
export interface SocialCareRecord {
  /** ContactPoint number. */
  readonly childId: string;
  /** Status where no open row says more, see `care-status.ts`. */
  readonly supportStatus: SupportStatus | null;
  readonly allocatedWorker: Contact | null;
  readonly team: string | null;
  /** CIN census disability codes without NONE, empty where there is none. */
  readonly disabilities: readonly string[];
  /** SSDA903 OC2 CONVICTED; null where it was never asked. */
  readonly convictions: boolean | null;
  /** SSDA903 PREV_PERM. */
  readonly previousPermanence: string | null;
  readonly referrals: readonly Referral[];
  readonly assessments: readonly Assessment[];
  readonly section47Enquiries: readonly Section47Enquiry[];
  readonly childProtectionPlans: readonly ChildProtectionPlan[];
  readonly careEpisodes: readonly CareEpisode[];
  readonly missingEpisodes: readonly MissingEpisode[];
  readonly reviews: readonly Review[];
}

export type SupportStatus = 'EARLY_HELP' | 'CARE_LEAVER';

export interface Contact {
  readonly name: string;
  readonly role: string | null;
  readonly organisation: string | null;
  readonly phone: string | null;
  readonly email: string | null;
}

/** A referral and the episode of need it opened. At most one a day for a child. */
export interface Referral {
  readonly receivedOn: string;
  /** CIN referral source, 1A to 10. */
  readonly source: string | null;
  /** CIN and SSDA903 category of need, N0 to N9. */
  readonly primaryNeed: string | null;
  /** True when the referral was not followed by any work. */
  readonly noFurtherAction: boolean;
  readonly closedOn: string | null;
  /** CIN reason for closure, RC1 to RC9. */
  readonly closureReason: string | null;
  /** Initial child protection conference recorded with the episode instead of with an enquiry. */
  readonly initialConferenceOn: string | null;
}

/** At most one a day for a child. */
export interface Assessment {
  readonly startedOn: string;
  readonly authorisedOn: string | null;
  /** CIN factors identified at assessment, 1A to 24A. */
  readonly factors: readonly string[];
}

/** Enquiry under section 47 of the Children Act 1989. At most one a day for a child. */
export interface Section47Enquiry {
  readonly startedOn: string;
  readonly initialConferenceOn: string | null;
  readonly conferenceNotRequired: boolean | null;
}

/** At most one a day for a child. */
export interface ChildProtectionPlan {
  readonly startedOn: string;
  readonly endedOn: string | null;
  /** CIN category of abuse: NEG, PHY, SAB, EMO, MUL. */
  readonly initialCategory: string | null;
  readonly latestCategory: string | null;
}

/** SSDA903 episode: one legal status in one placement. A change of either begins the next. At most one a day. */
export interface CareEpisode {
  readonly startedOn: string;
  readonly endedOn: string | null;
  /** SSDA903 RNE, reason for the new episode; `L` and the like keep the placement. */
  readonly startReason: string | null;
  /** SSDA903 LS. */
  readonly legalStatus: string | null;
  /** Category of need, N1 to N8. */
  readonly primaryNeed: string | null;
  /** SSDA903 PLACE. */
  readonly placementType: string | null;
  /** SSDA903 PLACE_PROVIDER. */
  readonly provider: string | null;
  /** Where the child lives: sealed. */
  readonly postcode: string | null;
  /** SSDA903 REC; X1 means that another episode follows at once. */
  readonly endReason: string | null;
  /** SSDA903 REASON_PLACE_CHANGE, CARPL and the like: why the placement that ends here ends. */
  readonly placementChangeReason: string | null;
}

/** At most one a day for a child. */
export interface MissingEpisode {
  readonly startedOn: string;
  readonly endedOn: string | null;
  readonly returnInterviewOffered: boolean | null;
}

/** At most one of a kind a day for a child. */
export interface Review {
  readonly kind: 'LOOKED_AFTER' | 'CHILD_PROTECTION';
  readonly heldOn: string;
  /** SSDA903 REVIEW_CODE, PN0 to PN7; null for a child protection review. */
  readonly participation: string | null;
}

/** A child known to social care of whom nothing else is recorded; a generator spreads its own over it. */
export function emptyRecord(childId: string): SocialCareRecord {
  return {
    childId,
    supportStatus: null,
    allocatedWorker: null,
    team: null,
    disabilities: [],
    convictions: null,
    previousPermanence: null,
    referrals: [],
    assessments: [],
    section47Enquiries: [],
    childProtectionPlans: [],
    careEpisodes: [],
    missingEpisodes: [],
    reviews: [],
  };
}
