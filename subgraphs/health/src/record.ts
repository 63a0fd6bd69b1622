/** A general practice as the NHS Organisation Data Service lists it. */
export interface PracticeRecord {
  /** Organisation Data Service code, `A81001`. */
  readonly odsCode: string;
  readonly name: string;
  readonly town: string | null;
  readonly postcode: string | null;
}

/** State of one vaccination, as child health information services keep it. */
export type ImmunisationStatus = 'GIVEN' | 'DUE' | 'OVERDUE' | 'DECLINED';

export interface ImmunisationRecord {
  readonly vaccine: string;
  /** SNOMED CT concept of the vaccine procedure. */
  readonly snomedCode: string | null;
  readonly status: ImmunisationStatus;
  /** `YYYY-MM-DD`, as every date here; null unless it was given. */
  readonly givenOn: string | null;
}

export interface MissedAppointmentRecord {
  readonly on: string;
  readonly setting: string | null;
}

export interface EmergencyAttendanceRecord {
  readonly on: string;
  readonly site: string | null;
  readonly reason: string | null;
}

export interface ConditionRecord {
  readonly name: string;
  /** SNOMED CT concept of the disorder. */
  readonly snomedCode: string | null;
  readonly diagnosedOn: string | null;
}

export interface ContactRecord {
  readonly name: string | null;
  readonly role: string | null;
  readonly organisation: string | null;
  readonly phone: string | null;
  readonly email: string | null;
}

/** Everything that health holds on one child. Null where nothing is known. */
export interface HealthRecord {
  /** ContactPoint number. */
  readonly childId: string;
  /** ODS code of the practice; the practice itself is stored first. */
  readonly registeredPractice: string | null;
  readonly healthVisitor: ContactRecord | null;
  readonly schoolNurse: ContactRecord | null;
  readonly immunisations: readonly ImmunisationRecord[];
  readonly missedAppointments: readonly MissedAppointmentRecord[];
  readonly emergencyAttendances: readonly EmergencyAttendanceRecord[];
  readonly allergies: readonly string[];
  readonly conditions: readonly ConditionRecord[];
  /** Strengths and Difficulties Questionnaire total, 0 to 40. */
  readonly sdqScore: number | null;
  readonly initialHealthAssessmentDue: string | null;
  /** Sealed: recorded with the child's consent, or where withholding would risk significant harm. */
  readonly mentalHealthService: ContactRecord | null;
  readonly sexualHealthService: ContactRecord | null;
  readonly substanceMisuseService: ContactRecord | null;
}
