import type { Store } from '@contactpoint/subgraph-kit/store';
import type {
  ConditionRecord,
  ContactRecord,
  EmergencyAttendanceRecord,
  ImmunisationRecord,
  MissedAppointmentRecord,
  PracticeRecord,
} from './record.ts';

/** Reads of the store, each for all children of an operation together. Newest first where there is a date. */

export type PracticeRow = PracticeRecord;

/** What hangs on a child itself, without the sealed services. */
export interface PatientRow {
  readonly childId: string;
  readonly odsCode: string | null;
  readonly allergies: readonly string[];
  readonly sdqScore: number | null;
  readonly initialHealthAssessmentDue: string | null;
}

type OfChild<Row> = Row & { readonly childId: string };

export type ContactRow = OfChild<ContactRecord> & { readonly service: 'HEALTH_VISITOR' | 'SCHOOL_NURSE' };

export type SealedContactRow = OfChild<ContactRecord> & {
  readonly service: 'MENTAL_HEALTH' | 'SEXUAL_HEALTH' | 'SUBSTANCE_MISUSE';
};

export async function practices(store: Store, odsCodes: readonly string[]): Promise<PracticeRow[]> {
  return await store<PracticeRow[]>`
    select ods_code as "odsCode", name, town, postcode from practice where ods_code = any(${[...odsCodes]}::text[])`;
}

export async function patients(store: Store, childIds: readonly string[]): Promise<PatientRow[]> {
  return await store<PatientRow[]>`
    select child_id as "childId", ods_code as "odsCode", allergies, sdq_score as "sdqScore",
      initial_health_assessment_due as "initialHealthAssessmentDue"
    from patient where child_id = any(${[...childIds]}::text[])`;
}

export async function immunisations(
  store: Store,
  childIds: readonly string[],
): Promise<OfChild<ImmunisationRecord>[]> {
  return await store<OfChild<ImmunisationRecord>[]>`
    select child_id as "childId", vaccine, snomed_code as "snomedCode", status, given_on as "givenOn"
    from immunisation where child_id = any(${[...childIds]}::text[])
    order by given_on desc nulls last, id`;
}

export async function missedAppointments(
  store: Store,
  childIds: readonly string[],
): Promise<OfChild<MissedAppointmentRecord>[]> {
  return await store<OfChild<MissedAppointmentRecord>[]>`
    select child_id as "childId", missed_on as "on", setting
    from missed_appointment where child_id = any(${[...childIds]}::text[])
    order by missed_on desc, id`;
}

export async function emergencyAttendances(
  store: Store,
  childIds: readonly string[],
): Promise<OfChild<EmergencyAttendanceRecord>[]> {
  return await store<OfChild<EmergencyAttendanceRecord>[]>`
    select child_id as "childId", attended_on as "on", site, reason
    from emergency_attendance where child_id = any(${[...childIds]}::text[])
    order by attended_on desc, id`;
}

export async function conditions(
  store: Store,
  childIds: readonly string[],
): Promise<OfChild<ConditionRecord>[]> {
  return await store<OfChild<ConditionRecord>[]>`
    select child_id as "childId", name, snomed_code as "snomedCode", diagnosed_on as "diagnosedOn"
    from condition where child_id = any(${[...childIds]}::text[])
    order by diagnosed_on desc nulls last, id`;
}

export async function contacts(store: Store, childIds: readonly string[]): Promise<ContactRow[]> {
  return await store<ContactRow[]>`
    select child_id as "childId", service, name, role, organisation, phone, email
    from contact where child_id = any(${[...childIds]}::text[])`;
}

export async function sealedContacts(store: Store, childIds: readonly string[]): Promise<SealedContactRow[]> {
  return await store<SealedContactRow[]>`
    select child_id as "childId", service, name, role, organisation, phone, email
    from sealed_contact where child_id = any(${[...childIds]}::text[])`;
}
