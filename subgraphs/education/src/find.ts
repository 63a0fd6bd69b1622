import type { Store } from '@contactpoint/subgraph-kit/store';
import type {
  AttendanceRecord,
  ContactRecord,
  EhcPlanRecord,
  EnrolmentRecord,
  SchoolRecord,
  SenProvision,
  SuspensionRecord,
} from './record.ts';

/** Reads of the store, each for all children of an operation together. Newest first where there is a date. */

export type OfChild<Row> = Row & { readonly childId: string };

/** What hangs on a child itself. */
export interface PupilRow {
  readonly childId: string;
  readonly senProvision: SenProvision | null;
  readonly senNeeds: readonly string[];
  readonly electiveHomeEducation: boolean | null;
  readonly missingEducation: boolean | null;
  readonly pupilPremium: boolean | null;
}

export async function schools(store: Store, urns: readonly string[]): Promise<SchoolRecord[]> {
  return await store<SchoolRecord[]>`
    select urn, name, town, postcode, opened_on as "openedOn"
    from school where urn = any(${[...urns]}::text[])`;
}

export async function pupils(store: Store, childIds: readonly string[]): Promise<PupilRow[]> {
  return await store<PupilRow[]>`
    select child_id as "childId", sen_provision as "senProvision", sen_needs as "senNeeds",
      elective_home_education as "electiveHomeEducation", missing_education as "missingEducation",
      pupil_premium as "pupilPremium"
    from pupil where child_id = any(${[...childIds]}::text[])`;
}

export async function enrolments(
  store: Store,
  childIds: readonly string[],
): Promise<OfChild<EnrolmentRecord>[]> {
  return await store<OfChild<EnrolmentRecord>[]>`
    select child_id as "childId", urn, year_group as "yearGroup", "from", "to", leaving_reason as "leavingReason"
    from enrolment where child_id = any(${[...childIds]}::text[])
    order by "from" desc, id`;
}

export async function attendance(
  store: Store,
  childIds: readonly string[],
): Promise<OfChild<AttendanceRecord>[]> {
  return await store<OfChild<AttendanceRecord>[]>`
    select child_id as "childId", academic_year as "academicYear", sessions_possible as "sessionsPossible",
      sessions_attended as "sessionsAttended", authorised_absences as "authorisedAbsences",
      unauthorised_absences as "unauthorisedAbsences"
    from attendance where child_id = any(${[...childIds]}::text[])
    order by academic_year desc`;
}

export async function suspensions(
  store: Store,
  childIds: readonly string[],
): Promise<OfChild<SuspensionRecord>[]> {
  return await store<OfChild<SuspensionRecord>[]>`
    select child_id as "childId", "from", sessions, reason, permanent
    from suspension where child_id = any(${[...childIds]}::text[])
    order by "from" desc, id`;
}

export async function ehcPlans(store: Store, childIds: readonly string[]): Promise<OfChild<EhcPlanRecord>[]> {
  return await store<OfChild<EhcPlanRecord>[]>`
    select child_id as "childId", issued_on as "issuedOn", review_due_on as "reviewDueOn"
    from ehc_plan where child_id = any(${[...childIds]}::text[])`;
}

export async function designatedSafeguardingLeads(
  store: Store,
  childIds: readonly string[],
): Promise<OfChild<ContactRecord>[]> {
  return await store<OfChild<ContactRecord>[]>`
    select child_id as "childId", name, role, organisation, phone, email
    from designated_safeguarding_lead where child_id = any(${[...childIds]}::text[])`;
}
