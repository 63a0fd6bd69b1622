/** A school as the register of schools (Get Information About Schools) describes it. */
export interface SchoolRecord {
  /** DfE unique reference number, six digits. */
  readonly urn: string;
  readonly name: string;
  readonly town: string | null;
  readonly postcode: string | null;
  /** `YYYY-MM-DD`; the register knows it only for younger schools. */
  readonly openedOn: string | null;
}

/** DfE school census, SEN provision: N, K and E. */
export type SenProvision = 'NONE' | 'SEN_SUPPORT' | 'EHC_PLAN';

export interface EnrolmentRecord {
  /** The school's; the school itself is stored first. */
  readonly urn: string;
  /** DfE national curriculum year group: `R`, `1` … `13`. */
  readonly yearGroup: string | null;
  /** `YYYY-MM-DD`, as every date here. */
  readonly from: string;
  readonly to: string | null;
  readonly leavingReason: string | null;
}

/** One academic year; sessions are half days. */
export interface AttendanceRecord {
  /** Calendar year in which the academic year began: 2025 for 2025/26. */
  readonly academicYear: number;
  readonly sessionsPossible: number;
  readonly sessionsAttended: number;
  readonly authorisedAbsences: number;
  readonly unauthorisedAbsences: number;
}

export interface SuspensionRecord {
  readonly from: string;
  /** Null for a permanent exclusion. */
  readonly sessions: number | null;
  /** DfE exclusion reason code: PP, PA, VP, VA, BU, … */
  readonly reason: string | null;
  readonly permanent: boolean;
}

export interface EhcPlanRecord {
  readonly issuedOn: string;
  readonly reviewDueOn: string | null;
}

export interface ContactRecord {
  readonly name: string;
  readonly role: string | null;
  readonly organisation: string | null;
  readonly phone: string | null;
  readonly email: string | null;
}

/** Everything that education holds on one child. Null where nothing is known. */
export interface EducationRecord {
  /** ContactPoint number. */
  readonly childId: string;
  readonly enrolments: readonly EnrolmentRecord[];
  readonly attendance: readonly AttendanceRecord[];
  readonly suspensions: readonly SuspensionRecord[];
  readonly senProvision: SenProvision | null;
  /** DfE SEN type of need: SPLD, MLD, ASD, … */
  readonly senNeeds: readonly string[];
  readonly ehcPlan: EhcPlanRecord | null;
  readonly electiveHomeEducation: boolean | null;
  readonly missingEducation: boolean | null;
  readonly pupilPremium: boolean | null;
  readonly designatedSafeguardingLead: ContactRecord | null;
}
