import type { Store } from '@contactpoint/subgraph-kit/store';
import type { JSONValue, TransactionSql } from 'postgres';
import type { EducationRecord, SchoolRecord } from './record.ts';

/** What an ingest takes: schools first, since enrolments name them. */
export interface EducationIngest {
  readonly schools: readonly SchoolRecord[];
  readonly children: readonly EducationRecord[];
}

/** Children per statement: one JSON document of a few MB. */
const BATCH_SIZE = 500;

/**
 * Stores schools and whole children's records, all or nothing. A child who is already known is replaced, so that the
 * same ingest twice leaves the same rows.
 */
export async function ingestEducation(store: Store, { schools, children }: EducationIngest): Promise<void> {
  await store.begin(async (transaction) => {
    await upsertSchools(transaction, schools);
    for (let start = 0; start < children.length; start += BATCH_SIZE)
      await replaceChildren(transaction, children.slice(start, start + BATCH_SIZE));
  });
}

async function upsertSchools(sql: TransactionSql, schools: readonly SchoolRecord[]): Promise<void> {
  if (schools.length === 0) return;
  await sql`
    insert into school (urn, name, town, postcode, opened_on)
    select urn, name, town, postcode, "openedOn"
    from jsonb_to_recordset(${documentOf(sql, schools)}::jsonb)
      as row(urn text, name text, town text, postcode text, "openedOn" date)
    on conflict (urn) do update
      set name = excluded.name, town = excluded.town, postcode = excluded.postcode, opened_on = excluded.opened_on`;
}

async function replaceChildren(sql: TransactionSql, children: readonly EducationRecord[]): Promise<void> {
  // Everything else a child has hangs on the pupil and goes with it.
  await sql`delete from pupil where child_id in ${sql(children.map(({ childId }) => childId))}`;
  const document = documentOf(sql, children);
  await sql`
    insert into pupil (child_id, sen_provision, sen_needs, elective_home_education, missing_education, pupil_premium)
    select "childId", "senProvision",
      array(select need from jsonb_array_elements_text("senNeeds") with ordinality as needs(need, place) order by place),
      "electiveHomeEducation", "missingEducation", "pupilPremium"
    from jsonb_to_recordset(${document}::jsonb)
      as row("childId" text, "senProvision" text, "senNeeds" jsonb,
        "electiveHomeEducation" boolean, "missingEducation" boolean, "pupilPremium" boolean)`;
  await sql`
    insert into enrolment (child_id, urn, year_group, "from", "to", leaving_reason)
    select "childId", enrolment.urn, enrolment."yearGroup", enrolment."from", enrolment."to", enrolment."leavingReason"
    from jsonb_to_recordset(${document}::jsonb) as row("childId" text, enrolments jsonb),
      jsonb_to_recordset(enrolments)
        as enrolment(urn text, "yearGroup" text, "from" date, "to" date, "leavingReason" text)`;
  await sql`
    insert into attendance
      (child_id, academic_year, sessions_possible, sessions_attended, authorised_absences, unauthorised_absences)
    select "childId", year."academicYear", year."sessionsPossible", year."sessionsAttended",
      year."authorisedAbsences", year."unauthorisedAbsences"
    from jsonb_to_recordset(${document}::jsonb) as row("childId" text, attendance jsonb),
      jsonb_to_recordset(attendance)
        as year("academicYear" integer, "sessionsPossible" integer, "sessionsAttended" integer,
          "authorisedAbsences" integer, "unauthorisedAbsences" integer)`;
  await sql`
    insert into suspension (child_id, "from", sessions, reason, permanent)
    select "childId", suspension."from", suspension.sessions, suspension.reason, suspension.permanent
    from jsonb_to_recordset(${document}::jsonb) as row("childId" text, suspensions jsonb),
      jsonb_to_recordset(suspensions) as suspension("from" date, sessions integer, reason text, permanent boolean)`;
  await sql`
    insert into ehc_plan (child_id, issued_on, review_due_on)
    select "childId", ("ehcPlan" ->> 'issuedOn')::date, ("ehcPlan" ->> 'reviewDueOn')::date
    from jsonb_to_recordset(${document}::jsonb) as row("childId" text, "ehcPlan" jsonb)
    where jsonb_typeof("ehcPlan") = 'object'`;
  await sql`
    insert into designated_safeguarding_lead (child_id, name, role, organisation, phone, email)
    select "childId", lead ->> 'name', lead ->> 'role', lead ->> 'organisation', lead ->> 'phone', lead ->> 'email'
    from jsonb_to_recordset(${document}::jsonb) as row("childId" text, "designatedSafeguardingLead" jsonb),
      lateral (select "designatedSafeguardingLead" as lead) as named
    where jsonb_typeof("designatedSafeguardingLead") = 'object'`;
}

/** The rows as one parameter, however many there are: PostgreSQL takes at most 65 535 parameters. */
function documentOf(sql: TransactionSql, rows: readonly (SchoolRecord | EducationRecord)[]) {
  return sql.json(rows as unknown as JSONValue);
}
